"""Where Xero says that something changed (C11.3). No person, no session, no cookie."""

import logging
from http import HTTPStatus

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from redis.exceptions import RedisError

from jobs.queue import enqueue_due_imports
from webapp.deps import current_deps
from webapp.services import webhooks
from webapp.xero.webhooks import is_genuine, read_events

log = logging.getLogger(__name__)

blueprint = Blueprint("webhooks", __name__)


@blueprint.post("/xero/webhooks")
def receive() -> ResponseReturnValue:
    """Take a delivery: 200 where it is genuine, 401 where it is not, always without a word.

    Xero asks for an answer within 5 seconds, so nothing is fetched here; and it tries on purpose
    whether wrong signatures are turned away (xero-api d.15).
    """
    deps = current_deps()
    key = deps.config.xero_webhook_key
    if key is None:
        return "", HTTPStatus.NOT_FOUND
    body = request.get_data(cache=False)
    if not is_genuine(body, request.headers.get("x-xero-signature", ""), key):
        return "", HTTPStatus.UNAUTHORIZED
    try:
        if webhooks.take_in(deps.redis, read_events(body), deps.clock()):
            enqueue_due_imports()
    except ValueError:
        # Genuine and unknown to us: delivered again it would be no clearer.
        log.warning("a webhook delivery could not be read")
    except RedisError:
        log.warning("a webhook delivery could not be noted; Xero sends it again")
        return "", HTTPStatus.SERVICE_UNAVAILABLE
    return "", HTTPStatus.OK
