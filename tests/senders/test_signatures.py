"""Signatures and encryption against the examples that their documents print."""

import base64
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric import ec

from responder.senders.push_encryption import encrypt
from responder.senders.signatures import acs3_headers, tc3_headers


def test_acs3_is_as_alibaba_cloud_prints_it() -> None:
    """The fixed example of the page that the function names."""
    headers = acs3_headers(
        action="RunInstances",
        version="2014-05-26",
        host="ecs.cn-shanghai.aliyuncs.com",
        query={
            "ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd",
            "RegionId": "cn-shanghai",
        },
        key_id="YourAccessKeyId",
        key_secret="YourAccessKeySecret",  # noqa: S106 - of the example
        nonce="3156853299f313e23d1673dc12e1703d",
        now=datetime(2023, 10, 26, 10, 22, 32, tzinfo=UTC),
    )

    assert headers["authorization"].endswith(
        "Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    )


def test_tc3_is_as_tencent_cloud_prints_it() -> None:
    """The example of the page that the function names, whose key is 32 asterisks."""
    headers = tc3_headers(
        action="DescribeInstances",
        version="2017-03-12",
        region="ap-guangzhou",
        service="cvm",
        host="cvm.tencentcloudapi.com",
        body=rb'{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}',
        secret_id="AKID" + "*" * 32,
        secret_key="*" * 32,
        now=datetime.fromtimestamp(1551113065, UTC),
    )

    assert headers["authorization"].endswith(
        "Signature=10b1a37a7301a02ca19a647ad722d5e43b4b3cff309d421d85b46093f6ab6c4f"
    )


def test_encryption_is_as_rfc_8291_prints_it() -> None:
    """Section 5 and appendix A."""
    body = encrypt(
        b"When I grow up, I want to be a watermelon",
        browser_key=_bytes(
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
        ),
        auth_secret=_bytes("BTBZMqHH6r4Tts7J_aSIgg"),
        own_key=ec.derive_private_key(
            int.from_bytes(_bytes("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), "big"), ec.SECP256R1()
        ),
        salt=_bytes("DGv6ra1nlYgDCS1FRnbzlw"),
    )

    assert body == _bytes(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6T"
        "lzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4"
        "a-fN"
    )


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
