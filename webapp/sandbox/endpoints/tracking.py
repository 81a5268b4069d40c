"""Tracking categories and their options (d.6)."""

from webapp.sandbox.call import Call, EndpointAnswer, elements_of, single
from webapp.sandbox.endpoints.writing import write_one
from webapp.sandbox.errors import as_entries, invalid, not_found
from webapp.sandbox.filters import Condition
from webapp.sandbox.kinds import TRACKING
from webapp.sandbox.listing import list_records
from webapp.sandbox.routing import Routes
from webapp.sandbox.rules.refused import ElementRefused, refuse
from webapp.sandbox.rules.tracking import in_use, option_of, save_category, save_option
from webapp.sandbox.wire import JsonObject

routes = Routes()


@routes.on("GET", "TrackingCategories")
def categories(call: Call) -> EndpointAnswer:
    """List the categories, active ones unless archived ones are asked for."""
    archived = call.flag("includeArchived", default=False)
    only = None if archived else Condition("status = 'ACTIVE'", ())
    return {"TrackingCategories": list_records(call, TRACKING, [only], paged=False).records}


@routes.on("GET", "TrackingCategories/{id}")
def category(call: Call) -> EndpointAnswer:
    """Give one category."""
    return single(TRACKING, _category(call))


@routes.on("PUT", "TrackingCategories")
def add_category(call: Call) -> EndpointAnswer:
    """Make a category."""
    payload = call.element(TRACKING)
    return single(
        TRACKING,
        write_one(TRACKING, payload, "HasErrors", lambda one: save_category(call.books, one, None)),
    )


@routes.on("POST", "TrackingCategories/{id}")
def change_category(call: Call) -> EndpointAnswer:
    """Rename or archive a category."""
    found = _category(call)
    payload = call.element(TRACKING)
    return single(
        TRACKING,
        write_one(
            TRACKING, payload, "HasErrors", lambda one: save_category(call.books, one, found)
        ),
    )


@routes.on("DELETE", "TrackingCategories/{id}")
def remove_category(call: Call) -> EndpointAnswer:
    """Delete a category that nothing uses."""
    found = _category(call)

    def remove(_payload: JsonObject) -> JsonObject:
        own_id = str(found["TrackingCategoryID"])
        if in_use(call.books, own_id):
            raise refuse("The tracking category is in use and cannot be deleted.", own_id)
        call.books.remove(TRACKING, own_id)
        return {**found, "Status": "DELETED"}

    return single(TRACKING, write_one(TRACKING, {}, "HasErrors", remove))


@routes.on("PUT", "TrackingCategories/{id}/Options")
def add_option(call: Call) -> EndpointAnswer:
    """Make an option; one a call."""
    return _write_option(call, None)


@routes.on("POST", "TrackingCategories/{id}/Options/{option}")
def change_option(call: Call) -> EndpointAnswer:
    """Rename or archive an option."""
    return _write_option(call, call.path["option"].lower())


@routes.on("DELETE", "TrackingCategories/{id}/Options/{option}")
def remove_option(call: Call) -> EndpointAnswer:
    """Delete an option that nothing uses."""
    found = _category(call)
    option = option_of(found, call.path["option"])
    if option is None:
        raise not_found()
    if in_use(call.books, option["TrackingOptionID"]):
        raise _refused_option(option, ["The tracking option is in use and cannot be deleted."])
    found["Options"] = [
        one for one in found["Options"] if one["TrackingOptionID"] != option["TrackingOptionID"]
    ]
    call.books.save(TRACKING, found)
    return {"Options": [_shown({**option, "Status": "DELETED"})]}


def _write_option(call: Call, option_id: str | None) -> EndpointAnswer:
    found = _category(call)
    if option_id and option_of(found, option_id) is None:
        raise not_found()
    payload = elements_of(call.body, "Options", "Option")[0]
    try:
        option = save_option(call.books, found, payload, option_id)
    except ElementRefused as refused:
        raise _refused_option(payload, refused.problems.messages) from refused
    return {"Options": [_shown(option)]}


def _refused_option(option: JsonObject, messages: list[str]) -> Exception:
    return invalid([{**option, "ValidationErrors": as_entries(messages)}])


def _shown(option: JsonObject) -> JsonObject:
    status = option["Status"]
    return {
        **option,
        "HasValidationErrors": False,
        "IsDeleted": status == "DELETED",
        "IsArchived": status == "ARCHIVED",
        "IsActive": status == "ACTIVE",
    }


def _category(call: Call) -> JsonObject:
    found = call.books.get(TRACKING, call.path["id"])
    if found is None:
        raise not_found()
    return found
