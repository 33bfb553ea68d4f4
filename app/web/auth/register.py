"""Registration of patients and doctors."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from app.models import Language, Role
from app.services import accounts
from app.services.accounts import Registration
from app.services.mail_settings import leaves_the_machine
from app.web import current
from app.web.auth import blueprint
from app.web.auth.forms import RegisterForm
from app.web.auth.mail_links import links
from app.web.guard import public


@blueprint.get("/register")
@public
def register() -> ResponseReturnValue:
    """The empty form, in the language of the page."""
    form = empty_form()
    form.language.data = str(get_locale())
    return page(form)


@blueprint.post("/register")
@public
def create() -> ResponseReturnValue:
    """Make the account, or write to its owner; the answer is the same."""
    form = empty_form()
    if not form.validate_on_submit():
        return page(form), 422
    role = Role(form.role.data)
    accounts.register(
        current.database(),
        current.actor(),
        Registration(
            role=role,
            name=form.name.data,
            email=form.email.data,
            language=Language(form.language.data),
            password=form.password.data if form.password else None,
            birth_date=form.birth_date.data if role is Role.PATIENT else None,
            phone=(form.phone.data or None) if role is Role.PATIENT else None,
        ),
        links(),
    )
    flash(what_happens_next())
    return redirect(url_for("auth.sign_in"), 303)


def empty_form() -> RegisterForm:
    """The form; the password comes later where a mailed link proves the address first."""
    form = RegisterForm()
    if is_confirmed_by_mail():
        del form.password
    return form


def page(form: RegisterForm) -> str:
    """The page with its form."""
    return render_template("auth/register.html", form=form, has_password=not is_confirmed_by_mail())


def what_happens_next() -> str:
    """What the person reads, whether or not her address was known."""
    if is_confirmed_by_mail():
        return str(_("We have sent you a message. Open the link in it to choose your password."))
    return str(
        _(
            "If this address was new, your account is made: sign in. "
            "If it had an account already, nothing was changed and we have written to its owner."
        )
    )


def is_confirmed_by_mail() -> bool:
    """Whether registering ends with a mailed link: wherever mail reaches people. The demo never sends any."""
    settings = current.settings()
    return leaves_the_machine(settings.mail_url) and not settings.is_demo
