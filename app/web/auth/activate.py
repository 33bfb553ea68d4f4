"""Activation: a pre-registered patient chooses her first password, by a mailed link or a printed code."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.models import TokenPurpose, User
from app.services import account_tokens, password_changes
from app.services.errors import NotFound
from app.web import current
from app.web.auth import blueprint
from app.web.auth.forms import CodeForm, NewPasswordForm
from app.web.guard import public


@blueprint.get("/activate")
@public
def activate_code() -> ResponseReturnValue:
    """The form for a printed code."""
    return render_template("auth/activate_code.html", form=CodeForm())


@blueprint.post("/activate")
@public
def find_code() -> ResponseReturnValue:
    """Go on to the password, or say that the code is not right."""
    form = CodeForm()
    if form.validate_on_submit():
        try:
            holder(form.code.data)
        except NotFound:
            form.code.errors = [_("This code is not right, or it is used or too old. Ask your unit for a new one.")]
        else:
            return redirect(url_for("auth.activate", token=account_tokens.canonical(form.code.data)), 303)
    return render_template("auth/activate_code.html", form=form), 422


@blueprint.get("/activate/<token>")
@public
def activate(token: str) -> ResponseReturnValue:
    """The form for her password, or 404 when the link has ended."""
    user = holder(token)
    return render_template("auth/activate.html", form=form_for(user), email=user.email)


@blueprint.post("/activate/<token>")
@public
def store_activation(token: str) -> ResponseReturnValue:
    """Set her first password."""
    user = holder(token)
    form = form_for(user)
    if not form.validate_on_submit():
        return render_template("auth/activate.html", form=form, email=user.email), 422
    password_changes.activate(current.database(), current.actor(), token=token, password=form.password.data)
    flash(_("Your account is ready. Sign in with your e-mail address and the password you chose."))
    return redirect(url_for("auth.sign_in"), 303)


def holder(token: str) -> User:
    """Whose code this is."""
    return account_tokens.holder(current.database(), token, TokenPurpose.ACTIVATE)


def form_for(user: User) -> NewPasswordForm:
    """The form that refuses her own name."""
    return NewPasswordForm(name=user.name, email=user.email)
