"""An SMTP server with TLS and login (aiosmtpd) that prints its port, and then each mail it takes, as lines of JSON.

Arguments: starttls | tls | plain, the certificate and its key, the user name and the password that it lets in.
"""

import asyncio
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

mode, certificate, key, user, password = sys.argv[1:]


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("gone"):
            return "550 5.1.1 no such user"
        if address.startswith("later"):
            return "451 4.7.1 greylisted"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        mail = {
            "tls": session.ssl is not None or mode == "tls",
            "login": session.authenticated,
            "to": envelope.rcpt_tos,
            "data": envelope.content.decode(),
        }
        print(json.dumps(mail), flush=True)
        return "250 OK"


def authenticate(server, session, envelope, mechanism, data):
    right = (data.login, data.password) == (user.encode(), password.encode())
    return AuthResult(success=right, handled=False)


async def main():
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate, key)

    def smtp():
        return SMTP(
            Handler(),
            hostname="localhost",
            tls_context=tls if mode == "starttls" else None,
            require_starttls=mode == "starttls",
            auth_required=mode != "plain",
            auth_require_tls=mode == "starttls",
            authenticator=authenticate,
        )

    server = await asyncio.get_running_loop().create_server(
        smtp, "127.0.0.1", 0, ssl=tls if mode == "tls" else None
    )
    print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
    await server.serve_forever()


asyncio.run(main())
