"""The Flask extensions, made once and bound to an application by create_app."""

from flask_babel import Babel
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect

from app.models import Base

# Engine and session only: models have their own typed Base. Pages are rendered from loaded objects after the
# commit of a read, so objects do not expire.
db = SQLAlchemy(metadata=Base.metadata, disable_autonaming=True, session_options={"expire_on_commit": False})
migrate = Migrate(directory="migrations", compare_type=True, render_as_batch=False)
login_manager = LoginManager()
csrf = CSRFProtect()
babel = Babel()
