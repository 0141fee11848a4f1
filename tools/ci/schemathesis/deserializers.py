"""How schemathesis reads what is neither JSON nor plain text. It takes application/jwt for JSON, which it is not."""
import schemathesis


@schemathesis.deserializer("application/json", "text/html")
def read(_context, response):
    (media_type,) = response.headers["content-type"]
    return response.json() if "json" in media_type else response.text
