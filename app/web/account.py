"""One's own account: who one is to the portal, its language, the password, the signed-in browsers."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _lazy
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from app.access import Permission
from app.models import Language
from app.services import accounts, browser_sessions, password_changes
from app.services.errors import Refused
from app.web import current
from app.web.auth import browser
from app.web.auth.browser import person
from app.web.auth.forms import ChangePasswordForm
from app.web.auth.mail_links import links
from app.web.browser_names import browser_name
from app.web.guard import requires
from app.web.portal_form import PortalForm
from app.web.viewer import LANGUAGE_NAMES

blueprint = Blueprint("account", __name__, url_prefix="/account")


class LanguageForm(PortalForm):
    """The language of pages and mail."""

    language = RadioField(
        _lazy("Language"),
        choices=[SelectChoice(language.value, name) for language, name in LANGUAGE_NAMES.items()],
        validators=[InputRequired(_lazy("Choose a language."))],
    )


@blueprint.get("")
@requires(Permission.ACCOUNT_MANAGE)
def show() -> ResponseReturnValue:
    """The account page."""
    form = LanguageForm()
    language = person().language
    form.language.data = None if language is None else language.value
    return page(form)


@blueprint.post("/language")
@requires(Permission.ACCOUNT_MANAGE)
def set_language() -> ResponseReturnValue:
    """Keep the language, for this browser too."""
    form = LanguageForm()
    if not form.validate_on_submit():
        return page(form), 422
    language = Language(form.language.data)
    accounts.set_language(current.database(), current.actor(), language)
    session["language"] = language.value
    with force_locale(language.value):
        flash(_("The language is changed."))
    return redirect(url_for("account.show"), 303)


@blueprint.get("/password")
@requires(Permission.ACCOUNT_MANAGE)
def password() -> ResponseReturnValue:
    """The form for another password."""
    return render_template("account/password.html", form=password_form())


@blueprint.post("/password")
@requires(Permission.ACCOUNT_MANAGE)
def change_password() -> ResponseReturnValue:
    """Change the password; this browser stays signed in by a new cookie, all others are signed out."""
    form = password_form()
    if not form.validate_on_submit():
        return render_template("account/password.html", form=form), 422
    try:
        key = password_changes.change(
            current.database(),
            current.actor(),
            old=form.current_password.data,
            new=form.password.data,
            user_agent=browser.user_agent(),
            links=links(),
        )
    except Refused:
        form.current_password.errors = [_("This is not your current password.")]
        return render_template("account/password.html", form=form), 422
    browser.enter(key)
    flash(_("Your password is changed. Every other browser is signed out."))
    return redirect(url_for("account.show"), 303)


@blueprint.post("/browsers/<int:browser_id>/end")
@requires(Permission.ACCOUNT_MANAGE)
def end_browser(browser_id: int) -> ResponseReturnValue:
    """Sign out one of one's own browsers."""
    browser_sessions.end_own(current.database(), current.actor(), browser_id)
    if browser_id == person().browser_id:
        browser.leave()
        return redirect(url_for("auth.sign_in"), 303)
    flash(_("That browser is signed out."))
    return redirect(url_for("account.show"), 303)


def page(form: LanguageForm) -> str:
    """The account page with its form."""
    return render_template("account/show.html", form=form, person=person(), browsers=browsers())


def password_form() -> ChangePasswordForm:
    """The form that refuses this person's own name."""
    return ChangePasswordForm(name=person().name, email=person().email)


def browsers() -> list[dict[str, Any]]:
    """The signed-in browsers, as the page lists them."""
    return [
        {
            "id": row.id,
            "name": browser_name(row.user_agent),
            "created_at": row.created_at,
            "last_used_at": row.last_used_at,
            "is_this": row.id == person().browser_id,
        }
        for row in browser_sessions.live(current.database(), person().user_id)
    ]
