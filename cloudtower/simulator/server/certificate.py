"""A certificate for this machine from an authority that nobody knows."""

import os
import tempfile


class Certificate(object):
    """The files of a certificate, in a folder of their own.

    `authority` is the path of what a client has to trust, `chain` of certificate and key.
    Raises ValueError where the package that makes it is missing.
    """

    def __init__(self):
        try:
            import trustme
        except ImportError:
            raise ValueError('TLS needs trustme: pip install "cloudtower-sdk[simulator]"')
        self._folder = tempfile.TemporaryDirectory(prefix="cloudtower-simulator-")
        self.authority = os.path.join(self._folder.name, "authority.pem")
        self.chain = os.path.join(self._folder.name, "chain.pem")
        authority = trustme.CA()
        issued = authority.issue_cert("localhost", "127.0.0.1", "::1")
        authority.cert_pem.write_to_path(self.authority)
        issued.private_key_and_cert_chain_pem.write_to_path(self.chain)

    def remove(self):
        """Delete the files."""
        self._folder.cleanup()
