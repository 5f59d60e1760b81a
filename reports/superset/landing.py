"""Where a sign-in ends: on the first of the city's own pages that the person may see.

Superset's own start page lists what one has opened and offers to make charts. Its setting for
another start page is answered by the server and ignored by the browser's code.
"""

from flask import Blueprint, Response, g, redirect, request

START_PAGE = "/superset/welcome/"
ELSEWHERE = "/dashboard/list/"
# The front page first.
DASHBOARDS = ("katalog-aplikasi", "ruang-kendali")

blueprint = Blueprint("landing", __name__)


@blueprint.before_app_request
def leave_start_page() -> Response | None:
    """Send whoever comes to the start page on; who is not signed in goes the usual way."""
    if request.path != START_PAGE or g.user is None or not g.user.is_authenticated:
        return None
    from superset import db, security_manager
    from superset.models.dashboard import Dashboard

    shown = db.session.query(Dashboard).filter(Dashboard.slug.in_(DASHBOARDS))
    for dashboard in sorted(shown, key=lambda found: DASHBOARDS.index(found.slug)):
        if security_manager.can_access_dashboard(dashboard):
            return redirect(f"/superset/dashboard/{dashboard.slug}/")
    return redirect(ELSEWHERE)
