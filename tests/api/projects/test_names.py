"""Projects by the names that other services' sheets call them."""

from tests.support.projects import County


async def test_a_name_or_alias_that_means_one_project_finds_it(county: County) -> None:
    first = await county.create(name="星河湾畔", aliases=["星河湾（一期）"])
    for developer in ("甲公司", "乙公司"):
        await county.create(name="幸福里", parties={"developer": developer})
    body = {"division_code": county.code, "names": ["星河 湾畔项目", "星河湾一期", "幸福里", "没有的"]}
    answer = await county.call("POST", "/projects/find-by-name", role="service", json=body)
    assert answer.status_code == 200, answer.text
    found = {item["asked"]: item["project_id"] for item in answer.json()["items"]}
    assert found == {"星河 湾畔项目": first["id"], "星河湾一期": first["id"]}
    assert answer.json()["items"][0]["name"] == "星河湾畔"
    refused = await county.call("POST", "/projects/find-by-name", role="enterprise", json=body)
    assert refused.status_code == 403


async def test_the_path_of_an_act_is_not_the_id_of_a_row(county: County) -> None:
    for method in ("GET", "PATCH", "HEAD"):
        answer = await county.call(method, "/projects/find-by-name")
        assert (answer.status_code, answer.headers["allow"]) == (405, "OPTIONS, POST"), method
    assert (await county.call("OPTIONS", "/projects/find-by-name")).headers["allow"] == "OPTIONS, POST"
