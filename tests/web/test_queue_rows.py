from app.ctg.reasons import NOT_INTERPRETABLE as ENGINE_REASONS
from app.web.monitoring import queue_rows


def test_every_reason_of_the_engine_has_short_words() -> None:
    assert set(queue_rows.NOT_INTERPRETABLE) == set(ENGINE_REASONS)
