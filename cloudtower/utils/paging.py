"""All objects of a list, page by page."""

import threading

from cloudtower._runtime.text import INTEGERS
from cloudtower.exceptions import ApiTypeError
from cloudtower.utils.methods import Method

_PAGE_SIZE = 500
_BY_HAND = ("after", "before", "last")
_MOMENT = 1  # seconds; Python 2.7 sees Ctrl-C between two waits alone


def iterate(method, body=None, where=None, page_size=_PAGE_SIZE):
    """Every object of a list, page by page, in constant memory.

        for vm in iterate(vm_api.get_vms, where={"in_recycle_bin": False}):
            print(vm.name)

    Pages follow each other by id: whatever stands all the time is seen once, even while
    objects are created and deleted. With an `orderBy` of your own they follow by position:
    an object may be missed or seen twice when others come and go meanwhile, and disks and
    NICs get new ids when CloudTower synchronizes them. The next page is asked for while
    this one is used.

    Parameters:
        method: a list, such as `vm_api.get_vms`.
        body: its body, model or dict; `first` bounds the number of objects as a whole.
        where: a filter in place of a body.
        page_size: objects in a page, int; 500 by default.

    Returns a generator of models. Raises ApiTypeError for a method that is not such a list,
    and for `after`, `before` or `last`; ApiValueError for an unknown name; ApiException where
    a request fails. All but the last at once.
    """
    if not isinstance(page_size, INTEGERS) or isinstance(page_size, bool) or page_size < 1:
        raise ApiTypeError("page_size is a number of objects, not %r" % (page_size,))
    found = Method("iterate", method)
    given = found.listing_body(body, where)
    for name in _BY_HAND:
        if given.get(name) is not None:
            raise ApiTypeError("iterate pages by itself: leave out `%s`" % name)
    fields = found.row.result.leaf.target.__schema__.by_json
    if "orderBy" not in given and "id" not in fields:
        raise found.cannot("its objects have no id; give an orderBy")
    return _objects(found, given, page_size)


def _objects(method, given, page_size):
    left = given.pop("first", None)
    by_id = given.get("orderBy") is None
    body = dict(given, orderBy="id_ASC") if by_id else given
    ahead = _Ahead(method, _page(body, page_size, left))
    while ahead is not None:
        size, page = ahead.size, ahead.result()
        ahead = None
        left = None if left is None else left - len(page)
        if len(page) == size and left != 0:
            if by_id:
                body = _behind(given, page[-1].id)
            else:
                body = dict(body, skip=(body.get("skip") or 0) + len(page))
            ahead = _Ahead(method, _page(body, page_size, left))
        for each in page:
            yield each


def _page(body, page_size, left):
    return dict(body, first=page_size if left is None else min(page_size, left))


def _behind(given, last):
    """The body of the page that comes after an id."""
    where = {"id_gt": last}
    if given.get("where"):
        where = {"AND": [given["where"], where]}
    body = dict(given, where=where, orderBy="id_ASC")
    body.pop("skip", None)  # those were left out before the first page
    return body


class _Ahead(object):
    """A page that is asked for in a thread of its own."""

    def __init__(self, method, body):
        self.size = body["first"]
        self._method = method
        self._body = body
        self._page = self._error = None
        self._thread = threading.Thread(target=self._read)
        self._thread.daemon = True
        self._thread.start()

    def _read(self):
        try:
            self._page = self._method(self._body)
        except BaseException as error:
            self._error = error

    def result(self):
        """The objects, list. Raises what the request raised."""
        while self._thread.is_alive():
            self._thread.join(_MOMENT)
        if self._error is not None:
            raise self._error
        return self._page or []
