"""A certificate for this machine from an authority that nobody knows."""

import os
import tempfile


class Certificate(object):
    """The files of a certificate, in a folder of their own; for this machine, and more `names`.

    `authority` is the path of what a client has to trust, `chain` of certificate and key.
    Raises ValueError where the package that makes it is missing.
    """

    def __init__(self, names=()):
        try:
            import trustme
        except ImportError:
            raise ValueError('TLS needs trustme: pip install "cloudtower-sdk[simulator]"')
        self._folder = tempfile.TemporaryDirectory(prefix="cloudtower-simulator-")
        self.authority = os.path.join(self._folder.name, "authority.pem")
        self.chain = os.path.join(self._folder.name, "chain.pem")
        authority = trustme.CA()
        known = ["localhost", "127.0.0.1", "::1"]
        known += [name for name in names or () if name != "*" and name not in known]
        issued = authority.issue_cert(*known)
        authority.cert_pem.write_to_path(self.authority)
        issued.private_key_and_cert_chain_pem.write_to_path(self.chain)

    def remove(self):
        """Delete the files."""
        self._folder.cleanup()
