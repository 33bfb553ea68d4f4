"""A forgotten password: asking for a link, and using it."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.models import TokenPurpose, User
from app.services import account_tokens, password_changes
from app.web import current
from app.web.auth import blueprint
from app.web.auth.forms import ForgotForm, NewPasswordForm
from app.web.auth.mail_links import links
from app.web.guard import public


@blueprint.get("/password/forgot")
@public
def forgot() -> ResponseReturnValue:
    """The form for the address."""
    return render_template("auth/forgot.html", form=ForgotForm())


@blueprint.post("/password/forgot")
@public
def request_reset() -> ResponseReturnValue:
    """Write the link if there is such an account; the answer is the same."""
    form = ForgotForm()
    if not form.validate_on_submit():
        return render_template("auth/forgot.html", form=form), 422
    password_changes.request_reset(current.database(), current.actor(), form.email.data, links())
    flash(_("If this address has an account, we have written to it. The link in that message works once."))
    return redirect(url_for("auth.sign_in"), 303)


@blueprint.get("/password/reset/<token>")
@public
def reset(token: str) -> ResponseReturnValue:
    """The form for the new password, or 404 when the link has ended."""
    return render_template("auth/reset.html", form=form_for(holder(token)))


@blueprint.post("/password/reset/<token>")
@public
def store_reset(token: str) -> ResponseReturnValue:
    """Set the new password and sign every browser out."""
    form = form_for(holder(token))
    if not form.validate_on_submit():
        return render_template("auth/reset.html", form=form), 422
    password_changes.reset(current.database(), current.actor(), token=token, password=form.password.data, links=links())
    flash(_("Your password is changed. Sign in with the new one."))
    return redirect(url_for("auth.sign_in"), 303)


def holder(token: str) -> User:
    """Whose link this is."""
    return account_tokens.holder(current.database(), token, TokenPurpose.RESET)


def form_for(user: User) -> NewPasswordForm:
    """The form that refuses this person's own name."""
    return NewPasswordForm(name=user.name, email=user.email)
