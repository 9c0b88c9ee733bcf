import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from dxportal.core.people.domain.roster import Post, in_capacity, people_on

APRIL = dt.date(2024, 4, 1)
POSTS = st.lists(
    st.builds(
        Post,
        person=st.integers(1, 5),
        capacity=st.sampled_from(["concierge", "manager", "special_producer"]),
        first_day=st.dates(APRIL, dt.date(2024, 6, 30)),
        last_day=st.none() | st.dates(dt.date(2024, 6, 30), dt.date(2025, 3, 31)),
        field=st.sampled_from(["", "人づくり", "サービスデザイン"]),
    ),
    max_size=12,
)


def test_fifteen_posts_are_eleven_people():
    combined = [("general_producer", 1), *(("special_producer", person) for person in (2, 3, 4))]
    posts = [Post(person, capacity, APRIL) for capacity, person in combined]
    posts += [Post(person, "concierge", APRIL) for person in range(1, 7)]
    posts += [Post(person, "office_staff", APRIL) for person in (7, 8, 9)]
    posts += [Post(10, "manager", APRIL), Post(11, "adviser", APRIL)]

    counts = [in_capacity(posts, [code], APRIL) for code in ("general_producer", "special_producer", "concierge")]

    assert (len(posts), people_on(posts, APRIL)) == (15, 11)
    assert [*counts, in_capacity(posts, ["manager", "office_staff"], APRIL)] == [1, 3, 6, 4]


def test_a_capacity_in_two_fields_is_one_post_of_the_roster():
    posts = [Post(1, "special_producer", APRIL, field=field) for field in ("人づくり", "テクノロジー")]

    assert in_capacity(posts, ["special_producer"], APRIL) == 1


def test_first_and_last_day_count():
    post = Post(1, "concierge", APRIL, dt.date(2024, 9, 30))
    days = (dt.date(2024, 3, 31), APRIL, dt.date(2024, 9, 30), dt.date(2024, 10, 1))

    assert [in_capacity([post], ["concierge"], day) for day in days] == [0, 1, 1, 0]


@given(POSTS, st.dates(APRIL, dt.date(2025, 3, 31)))
def test_people_are_never_more_than_posts_and_posts_never_more_than_rows(posts, day):
    held = in_capacity(posts, {"concierge", "manager", "special_producer"}, day)

    assert people_on(posts, day) <= held <= sum(post.is_held_on(day) for post in posts)
