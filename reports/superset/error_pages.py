"""Pages for what is not there and for what went wrong, in Indonesian; Superset's are in English."""

from pathlib import Path

from flask import Blueprint, Response
from flask_babel import get_locale

PAGES = {
    code: (Path(__file__).parent / "static" / f"{code}.html").read_text("utf-8")
    for code in (404, 500)
}

blueprint = Blueprint("error_pages", __name__)


@blueprint.after_app_request
def in_the_readers_language(response: Response) -> Response:
    """Put the city's page in the place of Superset's, unless the reader chose English."""
    page = PAGES.get(response.status_code)
    locale = get_locale()
    if page and response.mimetype == "text/html" and locale and locale.language == "id":
        response.direct_passthrough = False
        response.set_data(page)
    return response
