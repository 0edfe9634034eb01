"""What a row of an operation stands for where it says nothing; codegen leaves just that out."""

METHOD = "POST"
STATUSES = (200, 400, 404, 500)
