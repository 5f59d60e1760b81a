"""Superset's configuration: a small, sealed server in Indonesian, with nothing from outside hosts.

Superset loads this file by ``SUPERSET_CONFIG_PATH``; every value that differs between installations
comes from the environment (``environment.py``).
"""

from typing import Any

from reports.superset import browser_words, city_files, environment, error_pages, landing, look
from reports.superset.only_queries import only_queries
from reports.superset.published import open_published

SECRET_KEY = environment.SECRET_KEY
SQLALCHEMY_DATABASE_URI = environment.DATABASE_URI
DB_CONNECTION_MUTATOR = open_published
SQL_QUERY_MUTATOR = only_queries
RLS_IN_SQLLAB = True

# Caches: files, no Redis.


def _file_cache(name: str, days: int) -> dict[str, Any]:
    return {
        "CACHE_TYPE": "FileSystemCache",
        "CACHE_DIR": str(environment.SUPERSET_HOME / "cache" / name),
        "CACHE_THRESHOLD": 5000,
        "CACHE_DEFAULT_TIMEOUT": days * 86_400,
        "CACHE_KEY_PREFIX": f"{name}_",
    }


CACHE_CONFIG = _file_cache("metadata", days=1)
DATA_CACHE_CONFIG = {
    **_file_cache("results", days=7),
    "CACHE_TYPE": "reports.superset.release_cache.ReleaseFileCache",
    "CACHE_RELEASE_LINK": str(environment.PUBLISHED_LINK),
}
FILTER_STATE_CACHE_CONFIG = _file_cache("filters", days=90)
EXPLORE_FORM_DATA_CACHE_CONFIG = _file_cache("explore", days=7)

# A wall refreshes itself every minute: take the cached result until a new release is published.
DASHBOARD_AUTO_REFRESH_MODE = "fetch"

# No background workers: nothing here is scheduled, mailed or photographed by Superset.
CELERY_CONFIG = None
FEATURE_FLAGS = {"ALERT_REPORTS": False, "THUMBNAILS": False, "DASHBOARD_RBAC": True}

# Browser security. The policy names no outside host, which also stops the telemetry pixel.
WTF_CSRF_ENABLED = True
SESSION_COOKIE_SECURE = environment.PUBLIC_URL.startswith("https://")
ENABLE_PROXY_FIX = SESSION_COOKIE_SECURE
ENABLE_CORS = False
FAB_API_SWAGGER_UI = False
TALISMAN_ENABLED = True
TALISMAN_CONFIG = {
    "content_security_policy": {
        "base-uri": ["'self'"],
        "default-src": ["'self'"],
        "img-src": ["'self'", "blob:", "data:"],
        "worker-src": ["'self'", "blob:"],
        "connect-src": ["'self'"],
        "object-src": "'none'",
        "style-src": ["'self'", "'unsafe-inline'"],
        "font-src": ["'self'", "data:"],
        "script-src": ["'self'", "'strict-dynamic'"],
    },
    "content_security_policy_nonce_in": ["script-src"],
    "force_https": False,
    "session_cookie_secure": SESSION_COOKIE_SECURE,
}
WEBDRIVER_BASEURL_USER_FRIENDLY = environment.PUBLIC_URL

# Language and look.
LANGUAGES = {
    "id": {"flag": "id", "name": "Bahasa Indonesia"},
    "en": {"flag": "us", "name": "English"},
}
BABEL_DEFAULT_LOCALE = "id"
BABEL_TRANSLATION_DIRECTORIES = f"translations;{environment.TRANSLATIONS_DIR}"
BLUEPRINTS = [
    city_files.blueprint,
    landing.blueprint,
    error_pages.blueprint,
    browser_words.blueprint,
]
D3_FORMAT = look.NUMBER_FORMAT
D3_TIME_FORMAT = look.TIME_FORMAT
CURRENCIES = ["IDR"]
APP_NAME = look.THEME["token"]["brandAppName"]
EXTRA_CATEGORICAL_COLOR_SCHEMES = [look.CITY_PALETTE]
THEME_DEFAULT = look.THEME
THEME_DARK = None  # the dashboards' colours carry meaning and are chosen for a light ground
ENABLE_UI_THEME_ADMINISTRATION = False
