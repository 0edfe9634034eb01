# -*- coding: utf-8 -*-
"""Secrets in texts: what is hidden, what is not, and how long it takes."""

import json
import time

import pytest

from cloudtower._runtime import mask

SECRET = "hunter2-Tr0ub4dor"

SHOWN_BEFORE = [
    # YAML and plain text
    "password: %s",
    "name: n\n  db_password:   %s and more\nkept: seen",
    "- password: %s",
    "Password: %s, kept: seen",
    "login failed (password: %s) seen",
    "token = %s",
    "X-Api-Key: %s",
    # Python
    "{'password': '%s', 'kept': 'seen'}",
    "{u'password': u'%s', u'kept': u'seen'}",
    "{b'password': b'%s'}",
    "Login(username='seen', password='%s')",
    '{\'a\': "password: %s"}',
    # XML and HTML
    "<password>%s</password><kept>seen</kept>",
    '<ns:Password encoding="plain">%s</ns:Password>',
    "<password><![CDATA[%s]]></password>",
    "&lt;password&gt;%s&lt;/password&gt;",
    '<login password="%s" kept="seen"/>',
    '<input type="hidden" name="token" value="%s"> seen',
    "<input name=password class=seen value=%s> seen",
    "<entry key='password'>%s</entry><entry>seen</entry>",
    "{&quot;password&quot;: &quot;%s&quot;, &quot;kept&quot;: &quot;seen&quot;}",
    "{&#34;password&#34;:&#34;%s&#34;, seen",
    # HTTP
    "Authorization: Bearer %s",
    "authorization: Basic %s",
    "got Bearer %s",
    "Basic %s",
    'curl -H "Authorization: Basic %s" https://seen/',
    "Cookie: a=%s; b=%s",
    "GET / HTTP/1.1\r\nProxy-Authorization: Basic %s\r\nHost: seen",
    "set-cookie: sid=%s; path=/",
    # addresses
    "see https://user:%s@seen/x",
    "see https://%s@seen/x",
    "see https://user:p/%s@seen:80/x",
    "https:\\/\\/user:%s@seen\\/",
    # forms and queries
    "a=seen&password=%s&b=2",
    "password=%s",
    "https://seen/file?secret=%s&x=1",
    "where=%%7B%%22password%%22%%3A%%22%s%%22%%7D",
    # JSON, whole and cut short
    '{"password": "%s", "kept": "seen"}',
    '{"name": "password", "value": "%s", "kept": "seen"}',
    '[{"key": "api_token", "value": ["%s"]}, "seen"]',
    '{"password": "%s", "kept": "seen',
    '{"kept": "seen", "password": "%s',
    '{"kept": "seen", "password": ["%s", "%s"',
    '{"kept": "seen", "password": {"a": "%s"}',
    '{"message": "{\\"password\\": \\"%s\\"}"}',
    'no: {"message": "{\\"password\\": \\"%s\\", \\"kept\\": \\"seen\\"}"}',
    '{"message": "\\u0022password\\u0022: \\u0022%s\\u0022"}',
    '{"pass\\u0077ord": "%s"}',
    '{"message": "wrong: password: %s"}',
    '{"message": "see https://user:%s@seen/"}',
    # and the rest
    "password => '%s'",
    "--token %s --kept seen",
    "token eyJhbGciOiJIUzI1NiJ9.%s.abc",
    "-----BEGIN RSA PRIVATE KEY-----\n%s\n-----END RSA PRIVATE KEY-----",
    "-----BEGIN PRIVATE KEY-----\n%s",
]


@pytest.mark.parametrize("form", SHOWN_BEFORE)
def test_a_secret_is_hidden(form):
    body = form.replace("%s", SECRET).replace("%%", "%")
    shown = mask.text(body)
    assert SECRET not in shown and mask.HIDDEN in shown
    assert ("seen" in shown) == ("seen" in body)
    assert mask.text(shown) == shown or form.startswith("{")  # nothing is hidden twice


@pytest.mark.parametrize(
    "name",
    "password passwd pwd passphrase pass_phrase PASSWORD userPassword root_user_password"
    " password2 password_confirm secret chap_secret fileSecret client-secret token tokens"
    " accessToken X-Auth-Token apiKey api_key x-api-key APIKey privateKey access_key secret-key"
    " community snmpCommunity Authorization proxy-authorization cookie Set-Cookie credentials"
    " session_id sessionId password_contains chap_secret_not_in token_starts_with".split(),
)
def test_names_of_secrets(name):
    assert mask.is_secret(name)
    assert SECRET not in mask.text(json.dumps({name: SECRET}))
    assert SECRET not in mask.text("%s=%s" % (name, SECRET))
    assert mask.headers({name: SECRET}) == {name: mask.HIDDEN}


@pytest.mark.parametrize(
    "name",
    "password_expired password_expire_days password_updated_at password_complexity"
    " password_recover_qa has_password hasPassword is_password_expired use_api_key api_key_name"
    " token_type token_expire_time tokenizer secretary key value keys public_key communities_of"
    " password_expired_not password_updated_at_gt session_max_age auth_type license"
    " content-type www-authenticate".split(),
)
def test_names_that_are_not_of_secrets(name):
    assert not mask.is_secret(name)
    for body in (json.dumps({name: SECRET}), "%s: %s" % (name, SECRET), "%s=x&a=b" % name):
        assert mask.text(body) == body
    assert mask.headers({name: SECRET}) == {name: SECRET}


@pytest.mark.parametrize(
    "body",
    [
        "",
        "plain",
        "the password is too short",
        "password must not be empty",
        "Basic authentication failed",
        "Bearer token is invalid",
        "the basic idea",
        "https://host:8080/x?mail=a@b",
        "mail someone@example.com",
        '{"password": null}',
        '{"password": ""}',
        '{"password": false, "token": true}',
        "password: null",
        "password=True",
        "password:\n  expired: true",
        "<password/>",
        '"password", "x"',
        '{"labels": [{"key": "k", "value": "v"}]}',
        '{"a": 1.10, "b": "\\u00e9"}',
    ],
)
def test_the_rest_is_left_as_it_is(body):
    assert mask.text(body) == body


def test_a_number_is_a_secret_too():
    assert "4711" not in mask.text('{"password": 4711}')
    assert "4711" not in mask.text('{"password": 4711, "cut')


@pytest.mark.parametrize(
    "address, shown",
    [
        ("https://u:p@h/x", "https://h/x"),
        ("https://u:p@q@h/x", "https://h/x"),
        ("u:p@h:80/v2/api", "h:80/v2/api"),
        ("https://u:p/q@h/x", "https://h/x"),
        ("u:p/q@h:3128", "h:3128"),
        ("//u:p@h:3128", "//h:3128"),
        # without a proper scheme
        ("http:////u:p@h:3128/x", "http:////h:3128/x"),
        ("http:/u:p@h/x", "http:/h/x"),
        ("http://http:/u:p@h:1/x", "http://http:/h:1/x"),
        ("http//u:p@h", "http//h"),
        ("https://h/a@b/x:y?mail=a:b@c", "https://h/a@b/x:y?mail=a:b@c"),
        ("https://h:80/x?mail=a@b", "https://h:80/x?mail=a@b"),
        ("https://h/x?token=abc&y=1", "https://h/x?token=***&y=1"),
        ("https://h/x#access_token=abc", "https://h/x#access_token=***"),
        ("h:80/x", "h:80/x"),
    ],
)
def test_addresses(address, shown):
    assert mask.url(address) == shown


def test_addresses_in_headers():
    given = {"Location": "https://u:hunter2@h/?token=hunter2", "X": "y"}
    shown = mask.headers(given)
    assert "hunter2" not in str(shown) and shown["X"] == "y"
    assert given["Location"] == "https://u:hunter2@h/?token=hunter2"


def test_an_excerpt_says_how_much_is_missing():
    assert mask.excerpt("a" * 10000) == "a" * 10000
    assert mask.excerpt("a" * 10007) == "a" * 10000 + "... 7 more characters"
    assert mask.excerpt("a" * 300000).endswith("... 290000 more characters")
    assert SECRET not in mask.excerpt('{"password": "%s", "a": "%s"}' % (SECRET, "a" * 300000))


def test_deep_nesting_is_no_error():
    for body in ('{"password": ' * 3000, "[" * 100000 + '"password": "hunter2"', '{"a":' * 900):
        assert "hunter2" not in mask.text(body + '{"password": "hunter2"}' + "}" * 900)


UNITS = """ab12|a_|password|password |password: |"password":|"password":"|"password":[|"password":{
    |&password=|<password>|<password|<password><![CDATA[|\\|"|\\"|'|:|://|://a|://a:b|//
    |\\"password\\":\\"|password\\|basic |basic a|Bearer |eyJ|eyJaaaaaaaaa-|eyJaaaaaaaaaa.
    |-----BEGIN PRIVATE KEY-----|-----BEGIN |{|[|{"a":|@|a@|, a|,  |password: a, |cookie: |%22
    |%22password%22%3A|--password |api key |api_|password\n| |\\u00|token=a&|&lt;password&gt;|name="password|name="password" |name="password" value="
    |<a name="password">|&quot;password&quot;:&quot;|"\\\\"""
HOSTILE = [unit.replace("\n    ", "") for unit in UNITS.split("|")]


@pytest.mark.parametrize("unit", HOSTILE)
@pytest.mark.parametrize("form", ["%s", '%s"password": "x', 'password: "%s'])
def test_time_grows_with_the_length_alone(unit, form):
    # Where it grew with the square, 8,000 characters took 12 seconds and each doubling four
    # times as long.
    for size in (12500, 100000):  # the first ends early where it does
        body = form % (unit * (size // len(unit)))
        started = time.time()
        mask.text(body)
        mask.url(body)
        assert time.time() - started < 10, size
