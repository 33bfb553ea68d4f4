"""Response headers that hold for every page."""

from flask import Flask, request
from flask.wrappers import Response

from app.web import current

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)

ALWAYS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
HSTS = "max-age=31536000; includeSubDomains"
STATIC_MAX_AGE_S = 365 * 24 * 3600


def init_app(app: Flask) -> None:
    """Set them after every view; a view may have chosen its own Cache-Control."""

    @app.after_request
    def set_headers(response: Response) -> Response:
        for name, value in ALWAYS.items():
            response.headers.setdefault(name, value)
        if current.settings().is_https_only:
            response.headers.setdefault("Strict-Transport-Security", HSTS)
        if request.endpoint == "static":
            # Only an address with its content's hash may be kept: it changes when the file does.
            if "v" in request.args:
                response.headers["Cache-Control"] = f"public, max-age={STATIC_MAX_AGE_S}, immutable"
        else:
            response.headers.setdefault("Cache-Control", "no-store")
            response.vary.add("Cookie")
        return response
