"""Files of the city that Superset's own routes do not serve: its logo and its language pack."""

from pathlib import Path

from flask import Blueprint, Response, request, send_file

from reports.superset import environment

LANGUAGE_PACK_PATH = "/superset/language_pack/id/"

blueprint = Blueprint(
    "kota", __name__, static_folder=str(Path(__file__).parent / "static"), static_url_path="/kota"
)


@blueprint.before_app_request
def serve_language_pack() -> Response | None:
    """Answer for the Indonesian pack, which Superset looks for only inside its own package."""
    if request.path != LANGUAGE_PACK_PATH:
        return None
    pack = environment.TRANSLATIONS_DIR / "id" / "LC_MESSAGES" / "messages.json"
    return send_file(pack, mimetype="application/json")
