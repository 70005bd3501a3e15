"""Security headers on every answer."""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from flask import current_app, g, request
from flask.wrappers import Response


def nonce() -> str:
    """This answer's nonce for the few scripts that stand in a page."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def _policy() -> str:
    tiles = current_app.config["SALA"].tiles_url
    images = ["'self'", "data:", "blob:"]
    if tiles:
        parts = urlsplit(tiles)
        images.append(f"{parts.scheme}://{parts.netloc.replace('{s}', '*')}")
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' 'nonce-{nonce()}'",
            "style-src 'self'",
            f"img-src {' '.join(images)}",
            "font-src 'self'",
            "connect-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def add(response: Response) -> Response:
    """Headers that keep the pages from being framed, sniffed, cached by others or made to run others' scripts."""
    response.headers.setdefault("Content-Security-Policy", _policy())
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("X-Frame-Options", "DENY")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    response.headers.setdefault("Permissions-Policy", "geolocation=(self), camera=(), microphone=()")
    if current_app.config["SALA"].is_https:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    is_static = request.endpoint == "static" or (request.endpoint or "").endswith(".static")
    if not is_static:
        # Pages carry personal data: no copy stays in shared caches or behind the back button after sign-out.
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.add("Vary", "Cookie")
    elif request.args.get("v") and response.status_code == 200:
        # The address changes with the content, so nobody needs to ask again.
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
