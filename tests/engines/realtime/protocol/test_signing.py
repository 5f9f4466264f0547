"""Signatures: the vectors of Pusher's documentation and of its SDKs."""

from __future__ import annotations

import pytest

from kabar.engines.realtime.protocol import signing

DOCS_SECRET = "7ad3773142a6692b25b8"


def test_the_example_of_the_http_api_documentation() -> None:
    body = b'{"name":"foo","channels":["project-3"],"data":"{\\"some\\":\\"data\\"}"}'
    assert signing.body_md5(body) == "ec365a775a4cd0599faeb73354201b6f"
    text = signing.http_text(
        "POST",
        "/apps/3/events",
        [
            ("auth_timestamp", "1353088179"),
            ("auth_key", "278d425bdf160c739803"),
            ("body_md5", signing.body_md5(body)),
            ("auth_signature", "is not signed"),
            ("auth_version", "1.0"),
        ],
    )
    assert signing.is_signed(
        DOCS_SECRET, text, "da454824c97ba181a32ccc17a72625ba02771f50b50e1e7430e47a1f3f457e6c"
    )


@pytest.mark.parametrize(
    ("method", "extra", "md5", "signature"),
    [
        (
            "GET",
            [("foo", "bar")],
            "d41d8cd98f00b204e9800998ecf8427e",
            "5c49f04a95eedc9028b1e0e8de7c2c7ad63504a0e3b5c145d2accaef6c14dbac",
        ),
        (
            "POST",
            [],
            "94232c5b8fc9272f6f73a1e36eb68fcf",
            "e05fa4cafee86311746ee3981d5581a5e4e87c27bbab0aeb1059e2df5c90258b",
        ),
    ],
)
def test_the_vectors_of_the_python_sdk(
    method: str, extra: list[tuple[str, str]], md5: str, signature: str
) -> None:
    parameters = [
        ("auth_key", "key"),
        ("auth_timestamp", "1000"),
        ("auth_version", "1.0"),
        ("body_md5", md5),
        *extra,
    ]
    text = signing.http_text(method, "/some/obscure/api", parameters)
    assert signing.sign("secret", text) == signature


@pytest.mark.parametrize(
    ("secret", "text", "signature"),
    [
        (
            DOCS_SECRET,
            signing.subscription_text("1234.1234", "private-foobar", None),
            "58df8b0c36d6982b82c3ecf6b4662e34fe8c25bba48f5369f135bf843651c3a4",
        ),
        (
            DOCS_SECRET,
            signing.subscription_text(
                "1234.1234",
                "presence-foobar",
                '{"user_id":10,"user_info":{"name":"Mr. Channels"}}',
            ),
            "31935e7d86dba64c2a90aed31fdc61869f9b22ba9d8863bba239c03ca481bc80",
        ),
        (
            DOCS_SECRET,
            signing.sign_in_text("1234.1234", '{"id":"12345"}'),
            "4708d583dada6a56435fb8bc611c77c359a31eebde13337c16ab43aa6de336ba",
        ),
        (
            "bar",
            signing.subscription_text("345.23", "private-channel", None),
            "89955e77e1b40e33df6d515a5ecbba86a01dc816a5b720da18a06fd26f7d92ff",
        ),
        (
            "bar",
            signing.subscription_text(
                "345.43245", "presence-channel", '{"user_id":"fred","user_info":{"key":"value"}}'
            ),
            "e80ba6439492c2113022c39297a87a948de14061cc67b5788e045645a68b8ccd",
        ),
        (
            "thisisasecret",
            signing.sign_in_text("12345.6789", '{"id":"123","name":"John Smith"}'),
            "0dddb208b53c7649f3fbbb86254a6e1986bc6f8b566423ea690c9ca773497373",
        ),
    ],
)
def test_the_vectors_of_subscriptions_and_sign_ins(secret: str, text: str, signature: str) -> None:
    assert signing.sign(secret, text) == signature


def test_the_vector_of_an_encrypted_channel() -> None:
    key = "OHRXNUZRTG5pUTFzQlFGd3J3N3Q2VFZFc0paZDEweVk="
    secret = signing.shared_secret(key, "private-encrypted-channel")
    assert secret == "VmIsNZtCSteh8kazd2toc+ofhohBtUouQRSDtRvuyVI="


def test_parameters_are_sorted_by_name_and_keep_their_order_within_one() -> None:
    text = signing.http_text("get", "/x", [("B", "2"), ("a[]", "z"), ("a[]", "y")])
    assert text == "GET\n/x\na[]=z&a[]=y&b=2"


def test_a_signature_that_is_no_text_is_only_wrong() -> None:
    assert not signing.is_signed("secret", "text", "ä\ud800")
