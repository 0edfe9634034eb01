"""A certificate for this machine from an authority that nobody knows."""

import os
import shutil
import tempfile


class Certificate(object):
    """The files of a certificate, in a folder of their own.

    Attributes:
        authority, chain, key: their paths; `authority` is what a client has to trust.

    Raises ValueError where the package that makes it is missing.
    """

    def __init__(self):
        try:
            import trustme
        except ImportError:
            raise ValueError('TLS needs trustme: pip install "cloudtower-sdk[simulator]"')
        self._folder = tempfile.mkdtemp(prefix="cloudtower-simulator-")
        self.authority, self.chain, self.key = (
            os.path.join(self._folder, name) for name in ("authority.pem", "chain.pem", "key.pem")
        )
        authority = trustme.CA()
        issued = authority.issue_cert("localhost", "127.0.0.1", "::1")
        authority.cert_pem.write_to_path(self.authority)
        issued.private_key_pem.write_to_path(self.key)
        for blob in issued.cert_chain_pems:
            blob.write_to_path(self.chain, append=True)

    def remove(self):
        """Delete the files."""
        shutil.rmtree(self._folder, ignore_errors=True)
