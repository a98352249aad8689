"""The numerics that this server sends: replies and error replies (modern.ircdocs.horse, RFC 2812 §5)."""

from __future__ import annotations

from enum import Enum, StrEnum


class Reply(StrEnum):
    """The number of a reply."""

    WELCOME = "001"
    YOUR_HOST = "002"
    CREATED = "003"
    MY_INFO = "004"
    ISUPPORT = "005"
    USER_MODE_IS = "221"
    ISON = "303"
    WHOIS_USER = "311"
    WHOIS_SERVER = "312"
    END_OF_WHO = "315"
    END_OF_WHOIS = "318"
    WHOIS_CHANNELS = "319"
    CHANNEL_MODE_IS = "324"
    CREATION_TIME = "329"
    WHOIS_ACCOUNT = "330"
    NO_TOPIC = "331"
    TOPIC = "332"
    TOPIC_WHO_TIME = "333"
    WHO = "352"
    NAMES = "353"
    WHOX = "354"
    END_OF_NAMES = "366"
    END_OF_BAN_LIST = "368"
    MOTD = "372"
    MOTD_START = "375"
    END_OF_MOTD = "376"
    LOGGED_IN = "900"
    SASL_SUCCESS = "903"
    SASL_MECHANISMS = "908"


class ErrorReply(Enum):
    """The number and the words of a refusal."""

    NO_SUCH_NICK = ("401", "No such nick/channel")
    NO_SUCH_CHANNEL = ("403", "No such channel")
    CANNOT_SEND = ("404", "Cannot send to channel")
    INVALID_CAP = ("410", "Invalid CAP command")
    NO_RECIPIENT = ("411", "No recipient given")
    NO_TEXT = ("412", "No text to send")
    INPUT_TOO_LONG = ("417", "Input line was too long")
    UNKNOWN_COMMAND = ("421", "Unknown command")
    NO_NICK_GIVEN = ("431", "No nickname given")
    ERRONEOUS_NICK = ("432", "Erroneous nickname")
    NICK_IN_USE = ("433", "Nickname is already in use")
    NOT_IN_CHANNEL = ("441", "They aren't on that channel")
    NOT_ON_CHANNEL = ("442", "You're not on that channel")
    NOT_REGISTERED = ("451", "You have not registered")
    NEED_MORE_PARAMS = ("461", "Not enough parameters")
    ALREADY_REGISTERED = ("462", "You may not reregister")
    UNKNOWN_MODE = ("472", "is no mode that can be changed here")
    NOT_OPERATOR = ("482", "You're not channel operator")
    UNKNOWN_USER_MODE = ("501", "Unknown MODE flag")
    USERS_DONT_MATCH = ("502", "Can't change mode for other users")
    INVALID_MODE_PARAM = ("696", "This server keeps no bans")
    SASL_FAIL = ("904", "SASL authentication failed")
    SASL_TOO_LONG = ("905", "SASL message too long")
    SASL_ABORTED = ("906", "SASL authentication aborted")
    SASL_ALREADY = ("907", "You have already authenticated using SASL")

    def __init__(self, code: str, text: str) -> None:
        self.code = code
        self.text = text
