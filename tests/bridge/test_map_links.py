"""Map links as places, and places as map links."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuzapi_chatwoot.bridge.model.content import Location
from wuzapi_chatwoot.bridge.text.map_links import link_to, location_of

TOWER = Location(51.5081, -0.0759)
NAMED = Location(51.5081, -0.0759, name="Tower of London")

LINKS = [
	("https://maps.google.com/?q=51.5081,-0.0759", TOWER),
	("  http://maps.google.com/maps?q=51.5081,-0.0759&z=17\n", TOWER),
	("https://maps.google.com/?q=51.5081%2C-0.0759", TOWER),
	("https://maps.google.com/?q=51.5081,+-0.0759", TOWER),
	("https://maps.google.com/?q=loc:51.5081,-0.0759", TOWER),
	("https://maps.google.co.uk/?ll=51.5081,-0.0759", TOWER),
	("https://www.google.com/maps?q=51.5081,-0.0759", TOWER),
	("HTTPS://WWW.GOOGLE.COM/maps?q=51.5081,-0.0759", TOWER),
	("https://google.com.br/maps?q=51.5081,-0.0759", TOWER),
	("https://www.google.com/maps/@51.5081,-0.0759,17z", TOWER),
	("https://www.google.com/maps/@51.5081,-0.0759,17z?hl=en", TOWER),
	("https://www.google.com/maps/place/Tower+of+London/@51.5081,-0.0759,17z/", NAMED),
	(
		"https://www.google.com/maps/place/Tower%20of+London/@51.6,-0.1,17z/data=!3m1!4b1!4m6!8m2!3d51.5081!4d-0.0759",
		NAMED,
	),
	("https://www.google.com/maps/place/51.5081,-0.0759", TOWER),
	(
		"https://www.google.com/maps/place/Caf%C3%A9/@51.5081,-0.0759,17z",
		Location(51.5081, -0.0759, name="Café"),
	),
	(
		"https://www.google.com/maps/place/50%+%zz%4/@51.5081,-0.0759",
		Location(51.5081, -0.0759, name="50% %zz%4"),
	),
	(
		"https://www.google.com/maps/place/X/@51.5081,-0.0759,3z/data=!3d1!5m2",
		Location(51.5081, -0.0759, name="X"),
	),
	("https://www.google.com/maps/search/?api=1&query=51.5081,-0.0759", TOWER),
	("https://www.google.com/maps/search/51.5081,+-0.0759", TOWER),
	("geo:51.5081,-0.0759", TOWER),
	("geo:51.5081,-0.0759;u=35", TOWER),
	("geo:51.5081,-0.0759,12?z=17", TOWER),
	("geo:0,0?q=51.5081,-0.0759(Tower+of+London)", NAMED),
	("https://www.openstreetmap.org/?mlat=51.5081&mlon=-0.0759#map=17/51.6/-0.1", TOWER),
	("https://openstreetmap.org/#map=17/51.5081/-0.0759", TOWER),
	("https://www.openstreetmap.org/#map=17/51.5081/-0.0759&layers=N", TOWER),
	("https://maps.apple.com/?ll=51.5081,-0.0759&q=Tower%20of%20London", NAMED),
	("https://maps.apple.com/?ll=51.5081,-0.0759&q=51.5081,-0.0759", TOWER),
	("https://maps.apple.com/?q=51.5081,-0.0759", TOWER),
]

NO_PLACES = [
	"",
	" ",
	"51.5081,-0.0759",
	"I am at https://maps.google.com/?q=51.5081,-0.0759",
	"https://maps.google.com/?q=51.5081,-0.0759 and",
	"https://maps.google.com/?q=51.5081,-0.0759\nhttps://maps.google.com/?q=1,2",
	"https://maps.google.com/?q=Tower+of+London",
	"https://maps.google.com/?q=51.5081",
	"https://maps.google.com/?q=91,10",
	"https://maps.google.com/?q=10,180.5",
	"https://maps.google.com/?q=nan,inf",
	"https://maps.google.com/?q=1e1,2e1",
	"https://maps.google.com/?q=1_0,20",
	"https://maps.google.com/?q=1.2.3,4",
	"https://maps.google.com/?q=" + "9" * 400 + ",1",
	"https://maps.google.com/?q=" + "1" * 5000,
	"https://maps.google.com/?q=0,0",
	"https://maps.google.com/?q=0.0,10",
	"https://maps.google.com/?q=10,-0",
	"https://maps.google.com/",
	"https://www.google.com/search?q=51.5081,-0.0759",
	"https://www.google.com/mapsy?q=51.5081,-0.0759",
	"https://www.google.com/maps/place/Tower+of+London",
	"https://www.google.com/maps/@51.5081",
	"https://maps.google.evil.example/?q=51.5081,-0.0759",
	"https://maps.google.co.evil/?q=51.5081,-0.0759",
	"https://maps.google.com@evil.example/?q=51.5081,-0.0759",
	"https://example.org/?q=51.5081,-0.0759",
	"https://maps.app.goo.gl/AbCdEf",
	"https://goo.gl/maps/AbCdEf",
	"ftp://maps.google.com/?q=51.5081,-0.0759",
	"javascript://maps.google.com/?q=51.5081,-0.0759",
	"https:maps.google.com/?q=51.5081,-0.0759",
	"https://www.openstreetmap.org/?mlat=51.5081",
	"https://www.openstreetmap.org/#map=17",
	"https://maps.apple.com/?q=London",
	"geo:",
	"geo:51.5081",
	"geo:0,0",
	"geo:0,0?q=London",
]


@pytest.mark.parametrize(("text", "place"), LINKS)
def test_a_map_link_is_a_place(text: str, place: Location) -> None:
	assert location_of(text) == place


@pytest.mark.parametrize("text", NO_PLACES)
def test_anything_else_is_no_place(text: str) -> None:
	assert location_of(text) is None


def test_a_link_to_a_place() -> None:
	assert link_to(NAMED) == "https://maps.google.com/?q=51.5081,-0.0759"


# A place that is written with an exponent lies within a step of the equator or of Greenwich.
_DEGREES = st.floats(min_value=0.001, max_value=1) | st.floats(min_value=-1, max_value=-0.001)


@given(_DEGREES, _DEGREES)
def test_a_written_link_is_read_as_the_same_place(north: float, east: float) -> None:
	place = Location(90 * north, 180 * east)
	assert location_of(link_to(place)) == place


_PARTS = [
	"https://",
	"maps.google.com",
	"/",
	"?q=",
	"1.5,",
	"2",
	"geo:",
	"%",
	"%C3",
	"%2",
	"@",
	"#map=",
	"!3d",
	"&",
	"data=",
]


@given(st.text() | st.lists(st.sampled_from(_PARTS) | st.text(max_size=2), max_size=12).map("".join))
def test_no_text_is_an_error(text: str) -> None:
	place = location_of(text)
	assert place is None or (0 < abs(place.latitude) <= 90 and 0 < abs(place.longitude) <= 180)
