"""Signing in and out."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import Permission
from app.services import browser_sessions
from app.services import sign_in as service
from app.services.errors import Refused
from app.web import current, signed_in
from app.web.auth import blueprint, browser
from app.web.auth.forms import SignInForm
from app.web.auth.next_page import inside
from app.web.guard import public, requires


@blueprint.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """The sign-in page; whoever is signed in goes on."""
    if current.actor().is_signed_in:
        return redirect(onward(), 303)
    return page(SignInForm())


@blueprint.post("/sign-in")
@public
def start() -> ResponseReturnValue:
    """Sign in, or the page again with one answer for every reason."""
    form = SignInForm()
    if not form.validate_on_submit():
        return page(form), 422
    before = signed_in.person()
    try:
        key = service.sign_in(
            current.database(),
            current.actor(),
            email=form.email.data,
            password=form.password.data,
            user_agent=browser.user_agent(),
        )
    except Refused:
        form.form_errors.append(_("The e-mail address or the password is not right."))
        return page(form), 422
    if before is not None:
        browser_sessions.end(current.database(), before.browser_id)
    browser.enter(key)
    return redirect(onward(), 303)


@blueprint.post("/sign-out")
@requires(Permission.ACCOUNT_MANAGE)
def sign_out() -> ResponseReturnValue:
    """Sign this browser out; copies of its cookie are dead."""
    service.sign_out(current.database(), current.actor(), browser.person().browser_id)
    browser.leave()
    return redirect(url_for("auth.sign_in"), 303)


def page(form: SignInForm) -> str:
    """The page with its form; `expired` says why somebody who was signed in sees it."""
    return render_template("auth/sign_in.html", form=form, is_expired=request.args.get("expired") == "1")


def onward() -> str:
    """The page that was asked for, or home."""
    return inside(request.args.get("next")) or url_for("home")
