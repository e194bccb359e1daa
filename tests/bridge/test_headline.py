"""What stands above the doctor's steps is never better than the worst of them."""

import pytest

from wuzapi_chatwoot.bridge.diagnosis.findings import Finding, Headline, Verdict, headline_of

OK, WARNING, BROKEN, SKIPPED = Verdict.OK, Verdict.WARNING, Verdict.BROKEN, Verdict.SKIPPED


@pytest.mark.parametrize(
	("found", "verdict", "sentence"),
	[
		((OK, OK), OK, "Everything works."),
		((), OK, "Everything works."),
		((OK, WARNING, OK, WARNING), WARNING, "It works, but needs attention: 1, 3."),
		((WARNING, BROKEN, SKIPPED), BROKEN, "Problem: 1."),
		((OK, SKIPPED), SKIPPED, "It works as far as it could be checked. Not checked: 1."),
		((SKIPPED, WARNING), WARNING, "It works, but needs attention: 1."),
	],
)
def test_the_worst_counts(found, verdict, sentence):
	findings = [Finding(str(number), each) for number, each in enumerate(found)]
	assert headline_of(findings) == Headline(verdict, sentence)


def test_a_step_is_named_once():
	findings = [Finding("reverse proxy", BROKEN, "one"), Finding("reverse proxy", BROKEN, "two")]
	assert headline_of(findings).sentence == "Problem: reverse proxy."
