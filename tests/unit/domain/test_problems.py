from webapp.domain.problems import Problem


def test_a_problem_survives_being_kept_and_members_of_later_versions_are_left_aside():
    problem = Problem(
        code="period-locked", record="AP Invoice 7", message="Locked.", way_out="Ask.", line=3
    )
    assert Problem.from_json(problem.to_json() | {"severity": "new"}) == problem
