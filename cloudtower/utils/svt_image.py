"""Reads SVT images, the ISO files with the VMTools."""

# An SVT image carries its version as the volume set identifier of ISO 9660: the primary
# volume descriptor is sector 16, of 2,048 bytes each, and the identifier its bytes 190
# to 317 (ECMA-119, 8.4.19).
_VERSION_OFFSET = 32 * 1024 + 190
_VERSION_LENGTH = 128


def get_svt_image_version(path):
    """The version of an SVT image (a VMTools ISO), as `upload_svt_image` takes it.

    Parameters:
        path: of the file, str.

    Returns text; "" for a file that is too short.
    Raises UnicodeDecodeError for a file that is not an SVT image.
    """
    with open(path, "rb") as image:
        image.seek(_VERSION_OFFSET)
        version = image.read(_VERSION_LENGTH).decode("utf-8")
    return version.strip().strip(u"\0").strip()
