"""Colours, name and number formats: what makes Superset look like the city's own."""

from typing import Any

from reports.superset import environment

# Paul Tol's "bright" scheme: told apart with any common colour blindness, and on a projector.
CITY_PALETTE = {
    "id": "kota",
    "label": "Kota",
    "description": "Paul Tol's colour-blind-safe 'bright' scheme",
    "isDefault": True,
    "colors": ["#4477AA", "#EE6677", "#228833", "#CCBB44", "#66CCEE", "#AA3377", "#777777"],
}

THEME: dict[str, Any] = {
    "token": {
        "brandAppName": f"Kota · {environment.CITY_NAME}",
        "brandLogoAlt": environment.CITY_NAME,
        "brandLogoUrl": "/kota/logo.svg",
        "brandLogoHref": "/superset/dashboard/katalog-aplikasi/",
        "brandLogoMargin": "12px 0",
        "brandLogoHeight": "32px",
        "colorPrimary": "#0B5A7A",
        "colorLink": "#0B5A7A",
        "colorInfo": "#4477AA",
        "colorError": "#C62F2D",
        "colorWarning": "#E0A100",
        "colorSuccess": "#2E8B57",
        "fontUrls": [],
        "fontFamily": "Inter, Helvetica, Arial, sans-serif",
    },
    "algorithm": "default",
    # The words in a chart's legend, which the chart library knows in no Indonesian.
    "echartsOptionsOverrides": {
        "legend": {
            "selector": [
                {"type": "all", "title": "Semua"},
                {"type": "inverse", "title": "Balik"},
            ]
        }
    },
}

NUMBER_FORMAT = {
    "decimal": ",",
    "thousands": ".",
    "grouping": [3],
    "currency": ["Rp\u00a0", ""],
}

TIME_FORMAT = {
    "dateTime": "%d %b %Y %H.%M",
    "date": "%d/%m/%Y",
    "time": "%H.%M.%S",
    "periods": ["AM", "PM"],
    "days": ["Minggu", "Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu"],
    "shortDays": ["Min", "Sen", "Sel", "Rab", "Kam", "Jum", "Sab"],
    "months": [
        "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September",
        "Oktober", "November", "Desember",
    ],
    "shortMonths": [
        "Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des",
    ],
}  # fmt: skip
