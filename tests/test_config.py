"""Settings: what each variable may be, and a refusal that names the variable."""

import stat
from pathlib import Path

import pytest

import config
from config import Environment, SettingsError, load_settings

KEY = "k3J8-example-of-a-random-key-0123456789"
MAIL = "smtp://dopply:pw@mail.example.org:587?from=unit@example.org&portal=https://dopply.example.org"
PRODUCTION = {"DATABASE_URL": "mysql+pymysql://dopply:pw@db/dopply", "SECRET_KEY": KEY, "MAIL_URL": MAIL}


def test_production_is_the_default_and_needs_three_variables() -> None:
    settings = load_settings(PRODUCTION)
    assert settings.environment is Environment.PRODUCTION
    assert settings.is_https_only
    assert not settings.is_demo
    assert settings.time_zone.key == "Asia/Jakarta"
    assert settings.emergency_phone == "119"
    assert settings.mail_url == MAIL
    assert settings.max_upload_bytes == 16 * 1024 * 1024


def test_every_problem_is_named_at_once() -> None:
    with pytest.raises(SettingsError) as refused:
        load_settings({"DOPPLY_TIME_ZONE": "Mars/Base", "MAX_UPLOAD_MB": "0"})
    for variable in ("DATABASE_URL", "SECRET_KEY", "MAIL_URL", "DOPPLY_TIME_ZONE", "MAX_UPLOAD_MB"):
        assert variable in str(refused.value)


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("mysql://u:p@h/d", "mysql+pymysql://u:p@h/d?charset=utf8mb4"),
        ("mariadb://u:p@h:3307/d", "mysql+pymysql://u:p@h:3307/d?charset=utf8mb4"),
        ("mysql+pymysql://u:p%40ss@h/d?charset=latin1", "mysql+pymysql://u:p%40ss@h/d?charset=utf8mb4"),
        ("mysql://u@/d?unix_socket=/run/x.sock", "mysql+pymysql://u@/d?charset=utf8mb4&unix_socket=%2Frun%2Fx.sock"),
        ("  sqlite:////var/lib/dopply.db ", "sqlite:////var/lib/dopply.db"),
        # One file for the portal, `flask schema` and `alembic`, wherever each of them was started.
        ("sqlite:///instance/clinic.db", f"sqlite:///{config.ROOT / 'instance' / 'clinic.db'}"),
    ],
)
def test_a_database_url_as_it_is_used(given: str, used: str) -> None:
    assert load_settings({**PRODUCTION, "DATABASE_URL": given}).database_url == used


@pytest.mark.parametrize(
    ("environment", "name"), [("development", "dopply.db"), ("test", "dopply.db"), ("demo", "demo.db")]
)
def test_outside_production_a_file_is_the_default(environment: str, name: str) -> None:
    url = load_settings({"DOPPLY_ENV": environment, "SECRET_KEY": KEY}).database_url
    assert url == f"sqlite:///{config.INSTANCE / name}"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("DOPPLY_ENV", "staging"),
        ("DOPPLY_ENV", "Production"),
        ("DATABASE_URL", ""),
        ("DATABASE_URL", "postgresql://u@h/d"),
        ("DATABASE_URL", "not a url"),
        ("SECRET_KEY", ""),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "x" * 64),
        ("SECRET_KEY", "changeme-changeme-changeme-changeme-1"),
        ("SECRET_KEY", "your-secret-key-here-padded-to-be-long-enough"),
        ("DOPPLY_TIME_ZONE", "WIB"),
        ("DOPPLY_TIME_ZONE", ""),
        ("DOPPLY_TIME_ZONE", "../../etc/passwd"),
        ("DOPPLY_EMERGENCY_PHONE", ""),
        ("DOPPLY_EMERGENCY_PHONE", "call us"),
        ("DOPPLY_EMERGENCY_PHONE", "+ ( )"),
        ("MAIL_URL", "http://mail"),
        ("MAIL_URL", "smtp://"),
        ("MAIL_URL", "smtp://host:notaport"),
        # It would print addresses and links that reset a password.
        ("MAIL_URL", "console:"),
        ("MAIL_URL", ""),
        # A link in a mail would lead nowhere, or be read on its way.
        ("MAIL_URL", "smtp://mail.example.org"),
        ("MAIL_URL", "smtp://mail.example.org?portal="),
        ("MAIL_URL", "smtp://mail.example.org?portal=https://"),
        ("MAIL_URL", "smtp://mail.example.org?portal=http://dopply.example.org"),
        ("MAX_UPLOAD_MB", "0"),
        ("MAX_UPLOAD_MB", "65"),
        ("MAX_UPLOAD_MB", "1.5"),
        ("MAX_UPLOAD_MB", "-1"),
        ("MAX_UPLOAD_MB", "٣"),
    ],
)
def test_a_wrong_value_is_refused_by_its_name(variable: str, value: str) -> None:
    with pytest.raises(SettingsError, match=variable):
        load_settings({**PRODUCTION, variable: value})


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("DOPPLY_TIME_ZONE", "Asia/Makassar"),
        ("DOPPLY_EMERGENCY_PHONE", "+62 (21) 555-0100"),
        ("MAIL_URL", "smtps://user:pw@mail.example.org:465?from=unit@example.org&portal=https://dopply.example.org"),
        ("MAX_UPLOAD_MB", "64"),
    ],
)
def test_a_right_value_is_taken(variable: str, value: str) -> None:
    load_settings({**PRODUCTION, variable: value})


@pytest.mark.parametrize("environment", ["development", "demo", "test"])
def test_outside_production_mail_may_be_printed(environment: str) -> None:
    given = {"DOPPLY_ENV": environment, "SECRET_KEY": KEY}
    assert load_settings(given).mail_url == "console:"
    assert load_settings({**given, "MAIL_URL": "smtp://localhost:1025"}).mail_url == "smtp://localhost:1025"


def test_a_refusal_shows_no_password() -> None:
    with pytest.raises(SettingsError) as refused:
        load_settings({"DATABASE_URL": "oracle://u:hunter22@h/d", "SECRET_KEY": "hunter22"})
    assert "hunter22" not in str(refused.value)


WRONG_ADDRESSES = [
    "mysql+pymysql://root:Xq1@Xq2:Xq3@127.0.0.1/x",
    "mysql+pymysql://root:Xq1Xq2",
    "mysql+pymysql://root:Xq1@Xq2@127.0.0.1/x",
    "mysql+pymysql://root:Xq1@Xq2/Xq3@127.0.0.1/x",
    "mysql+pymysql://root:Xq1@Xq2?Xq3@127.0.0.1/x",
    "mysql+pymysql://root:Xq1@Xq2/Xq3?Xq1=Xq2@127.0.0.1/x",
    "mysql+pymysql://root:Xq1Xq2@127.0.0.1",
    "mysql+pymysql://root:Xq1Xq2@127.0.0.1/",
    "mysql+pymysql://root:Xq1Xq2@127.0.0.1:99999/x",
    "mysql+pymysql://root:Xq1Xq2@127.0.0.1/x?foo=bar",
    "mysql+pymysql://root:Xq1Xq2@127.0.0.1/x?connect_timeout=Xq2",
    "mysql+pymysql://root:Xq1Xq2@127.0.0.1/x?client_flag=1&client_flag=2",
    "sqlite://Xq1Xq2/x",
    "sqlite:///x.db?timeout=Xq2",
    "sqlite:///x.db?uri=true",
    "sqlite:///file:x.db",
]


@pytest.mark.parametrize("address", WRONG_ADDRESSES)
def test_an_address_that_leads_nowhere_is_refused_in_one_line_without_its_password(address: str) -> None:
    with pytest.raises(SettingsError) as refused:
        load_settings({"DATABASE_URL": address}, serves=False)
    told = str(refused.value)
    assert told.startswith("Dopply cannot start: DATABASE_URL")
    assert "\n" not in told
    assert "Xq" not in told
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__ or refused.value.__context__ is None


def test_an_at_sign_in_a_password_is_told_how_to_write() -> None:
    with pytest.raises(SettingsError, match="%40"):
        load_settings({"DATABASE_URL": "mysql://root:Ra@hasia@127.0.0.1/x"}, serves=False)


@pytest.mark.parametrize(
    "address",
    [
        "mysql+pymysql://u:p%40%2F%3A%25@h/d?charset=utf8mb4",
        "mysql+pymysql://u:p@[::1]:3307/d?charset=utf8mb4",
        "mysql+pymysql://u@localhost/d?charset=utf8mb4&ssl_disabled=true&unix_socket=%2Frun%2Fx.sock",
        "mysql+pymysql://u:p@h/d?charset=utf8mb4&connect_timeout=3&ssl_ca=%2Fetc%2Fnone.pem",
    ],
)
def test_an_address_with_what_the_driver_knows_is_taken(address: str) -> None:
    assert load_settings({"DATABASE_URL": address}, serves=False).database_url == address


def test_commands_that_only_maintain_the_database_need_its_address_alone() -> None:
    settings = load_settings({"DATABASE_URL": "mysql://u@h/d"}, serves=False)
    assert settings.secret_key is None


def test_a_kept_key_is_made_once_for_its_owner_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config, "INSTANCE", tmp_path / "instance")
    first = load_settings({"DOPPLY_ENV": "development"}).secret_key
    assert load_settings({"DOPPLY_ENV": "development"}).secret_key == first
    assert first is not None
    assert len(first) >= config.MIN_SECRET_BYTES
    mode = (tmp_path / "instance" / "secret_key").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_only_the_demo_is_a_demo() -> None:
    for environment in Environment:
        settings = load_settings({**PRODUCTION, "DOPPLY_ENV": environment})
        assert settings.is_demo == (environment is Environment.DEMO)
        assert settings.is_https_only == (environment is Environment.PRODUCTION)


@pytest.mark.parametrize("text", ["-1", "6", "one", "1.0", "٣"])
def test_a_number_of_proxies_that_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="DOPPLY_TRUSTED_PROXIES"):
        load_settings({**PRODUCTION, "DOPPLY_TRUSTED_PROXIES": text})
