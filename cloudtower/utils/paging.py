"""All objects of a list, page by page."""

import threading

from cloudtower._runtime.text import is_count
from cloudtower.exceptions import ApiTypeError
from cloudtower.utils.methods import Method

PAGE_SIZE = 500
_BY_HAND = ("after", "before", "last")
_MOMENT = 1  # seconds; Python 2.7 sees Ctrl-C between two waits alone


def iterate(method, body=None, where=None, page_size=PAGE_SIZE):
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
        where: a filter instead of a body.
        page_size: objects in a page, int; 500 by default.

    Returns a generator of models, for one thread. Raises ApiTypeError for a method that is not such a list,
    and for `after`, `before` or `last`; ApiValueError for an unknown name; ApiException where
    a request fails. All but the last at once.
    """
    return _objects(Walk("iterate", method, body, where, page_size))


def _objects(walk):
    ahead = _Ahead(walk.method, walk.body)
    while ahead is not None:
        page = ahead.result()
        walk.step(page)
        ahead = _Ahead(walk.method, walk.body) if walk.body is not None else None
        for each in page:
            yield each


class Walk(object):
    """The way through a list, page by page.

    Parameters: as for `iterate`, and
        verb: name of the helper, for messages, str.

    Attributes:
        method: the `Method` that lists.
        body: of the next page, dict; None where there is no other page.
    """

    def __init__(self, verb, method, body=None, where=None, page_size=PAGE_SIZE):
        if not is_count(page_size, 1):
            raise ApiTypeError("page_size is a number of objects, not %r" % (page_size,))
        self.method = Method(verb, method)
        given = self.method.listing_body(body, where)
        for name in _BY_HAND:
            if given.get(name) is not None:
                raise ApiTypeError("%s pages by itself: leave out `%s`" % (verb, name))
        fields = self.method.row.result.leaf.target.__schema__.by_json
        self._by_id = given.get("orderBy") is None
        if self._by_id and "id" not in fields:
            raise self.method.cannot("its objects have no id; give an orderBy")
        self._page_size = page_size
        self._left = given.pop("first", None)
        if self._left is not None and not is_count(self._left):
            raise ApiTypeError("`first` is a number of objects, not %r" % (self._left,))
        self._given = given
        self.body = self._page(dict(given, orderBy="id_ASC") if self._by_id else given)

    def step(self, page):
        """Go on to the page that follows this one, list of models."""
        size = self.body["first"]
        if self._left is not None:
            self._left -= len(page)
        if len(page) != size or self._left == 0:
            self.body = None
        elif self._by_id:
            self.body = self._page(_behind(self._given, page[-1].id))
        else:
            skipped = (self.body.get("skip") or 0) + len(page)
            self.body = self._page(dict(self.body, skip=skipped))

    def _page(self, body):
        size = self._page_size if self._left is None else min(self._page_size, self._left)
        return dict(body, first=size)


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
