"""Who calls, what they may do, and how often."""

import math
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar, cast

from flask import Response, current_app, g, request
from redis import Redis

from webapp.api.problems import plain, problem
from webapp.deps import current_deps
from webapp.domain.access import Permission
from webapp.queries.viewers import FinCoChoice, visible_fin_cos
from webapp.services.api_tokens import Caller, identify
from webapp.services.errors import NotFound

View = TypeVar("View", bound=Callable[..., Any])

MAX_BODY_BYTES = 20_000_000
"""A month of a large firm in one call, and more than the largest attachment."""
WINDOW_SECONDS = 60
LARGEST_ID = 2**31 - 1


def requires(permission: Permission) -> Callable[[View], View]:
    """Name the right an operation asks for; ``enter`` refuses operations that name none."""

    def mark(view: View) -> View:
        view.required_permission = permission  # type: ignore[attr-defined]
        return view

    return mark


def caller() -> Caller:
    """Whoever sent the request; only inside operations."""
    return cast("Caller", g.api_caller)


def enter() -> Response | None:
    """Let a request in, or say why not. Runs before every operation."""
    request.max_content_length = MAX_BODY_BYTES
    deps = current_deps()
    found = _caller()
    if found is None:
        return plain(HTTPStatus.UNAUTHORIZED, {"WWW-Authenticate": 'Bearer realm="Workbench"'})
    wait = _wait(deps.redis, found.token_id, deps.config.api_calls_a_minute)
    if wait is not None:
        return problem(
            HTTPStatus.TOO_MANY_REQUESTS,
            f"A token may be used {deps.config.api_calls_a_minute} times a minute.",
            f"Go on in {wait} seconds.",
            headers={"Retry-After": str(wait)},
        )
    view = current_app.view_functions[str(request.endpoint)]
    permission = getattr(view, "required_permission", None)
    if permission is None or permission not in found.rights:
        return plain(HTTPStatus.FORBIDDEN)
    if not all(_can_exist(value) for value in (request.view_args or {}).values()):
        return plain(HTTPStatus.NOT_FOUND)
    g.api_caller = found
    return None


def fin_co(code: str) -> FinCoChoice:
    """The FinCo of that code; for a token one it was not given does not exist.

    Raises:
        NotFound: there is none for this token.
    """
    for choice in visible_fin_cos(caller().viewer):
        if choice.code == code:
            return choice
    raise NotFound(
        f"There is no FinCo {code} for this token.", "Check the code, or use another token."
    )


def _can_exist(value: str | int) -> bool:
    """Whether any record could be called so: not every database can be asked for the others."""
    return value <= LARGEST_ID if isinstance(value, int) else value.isprintable()


def _caller() -> Caller | None:
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not text.strip():
        return None
    return identify(text.strip(), current_deps().clock())


def _wait(redis: Redis, token_id: int, calls: int) -> int | None:
    """Count a call; how many seconds to wait where it was one too many."""
    key = f"workbench:api:{token_id}"
    with redis.pipeline() as pipe:
        pipe.incr(key)
        pipe.expire(key, WINDOW_SECONDS, nx=True)
        pipe.pttl(key)
        count, _, left = pipe.execute()
    return max(1, math.ceil(left / 1000)) if count > calls else None
