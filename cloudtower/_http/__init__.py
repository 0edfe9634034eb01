"""What carries a request to the server and its response back."""
