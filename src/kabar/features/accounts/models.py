"""The tables of accounts: users, the names they had, their sessions, their tokens."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Text, false, text, true
from sqlalchemy.orm import Mapped, mapped_column

from kabar.infra.db.base import Base, OrderedText, UtcTime


class ServerRole(StrEnum):
    """What somebody may do on the whole server; each may all that those before it may."""

    USER = "user"
    #: work on reports, and suspend users
    MODERATOR = "moderator"
    #: suspend moderators too, and see who of them did what
    ADMIN = "admin"

    def stands_above(self, other: ServerRole) -> bool:
        ranks = list(ServerRole)
        return ranks.index(self) > ranks.index(other)


class User(Base):
    """A person or bot with an account."""

    __tablename__ = "User"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    #: lower case
    username: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text)
    #: lower case; of who has none, a text without an @ that only they have
    email: Mapped[str] = mapped_column(Text, unique=True)
    #: argon2id, with its parameters; None: signs in elsewhere
    password_hash: Mapped[str | None] = mapped_column("passwordHash", Text, key="password_hash")
    avatar: Mapped[str | None] = mapped_column(Text)
    bio: Mapped[str | None] = mapped_column(Text)
    is_private: Mapped[bool] = mapped_column("isPrivate", key="is_private", default=False)
    #: not a person but a program, which clients show
    is_bot: Mapped[bool] = mapped_column("isBot", key="is_bot", server_default=false())
    role: Mapped[str] = mapped_column(Text, server_default=ServerRole.USER)
    #: None: they are not suspended; else since when, until when (None: without an end), and why
    suspended_at: Mapped[datetime | None] = mapped_column(
        "suspendedAt", UtcTime, key="suspended_at"
    )
    suspended_until: Mapped[datetime | None] = mapped_column(
        "suspendedUntil", UtcTime, key="suspended_until"
    )
    suspended_for: Mapped[str | None] = mapped_column("suspendedFor", Text, key="suspended_for")
    #: whether others hear what they have read, and they what others have
    read_receipts: Mapped[bool] = mapped_column(
        "readReceipts", key="read_receipts", server_default=true()
    )
    #: whether anybody may begin to follow them, or ask to
    accepts_follows: Mapped[bool] = mapped_column(
        "acceptsFollows", key="accepts_follows", server_default=true()
    )
    #: whether their lists of followers and followed are for nobody else
    hide_follows: Mapped[bool] = mapped_column(
        "hideFollows", key="hide_follows", server_default=false()
    )
    #: the same of how many these are
    hide_counts: Mapped[bool] = mapped_column(
        "hideCounts", key="hide_counts", server_default=false()
    )
    followers_count: Mapped[int] = mapped_column("followersCount", key="followers_count", default=0)
    following_count: Mapped[int] = mapped_column("followingCount", key="following_count", default=0)
    #: username and name, folded: what people are found by; see `NamePart`
    search_text: Mapped[str] = mapped_column("searchText", Text, key="search_text")
    created_at: Mapped[datetime] = mapped_column("createdAt", UtcTime, key="created_at")
    updated_at: Mapped[datetime] = mapped_column("updatedAt", UtcTime, key="updated_at")
    #: nothing is left of them but an id, under which their messages stand
    erased_at: Mapped[datetime | None] = mapped_column("erasedAt", UtcTime, key="erased_at")

    __table_args__ = (
        # Few are one or the other.
        Index(
            "User_suspended_idx",
            "suspended_at",
            "id",
            sqlite_where=text('"suspendedAt" IS NOT NULL'),
            postgresql_where=text('"suspendedAt" IS NOT NULL'),
        ),
        Index(
            "User_staff_idx",
            "role",
            sqlite_where=text("role <> 'user'"),
            postgresql_where=text("role <> 'user'"),
        ),
    )


class NamePart(Base):
    """What may be typed of somebody's name: each word from each of its letters on, so that what is
    looked for begins it. Those that begin a word have a space before them."""

    __tablename__ = "KabarNamePart"

    part: Mapped[str] = mapped_column(OrderedText, primary_key=True)
    user_id: Mapped[str] = mapped_column(
        "userId", ForeignKey("User.id", ondelete="CASCADE"), key="user_id", primary_key=True
    )

    __table_args__ = (Index(None, "user_id"), {"sqlite_with_rowid": False})


class FormerUsername(Base):
    """A name that somebody gave up. The last few stay theirs: old links must not lead to a
    stranger."""

    __tablename__ = "KabarFormerUsername"

    username: Mapped[str] = mapped_column(Text, primary_key=True)
    user_id: Mapped[str] = mapped_column(
        "userId", ForeignKey("User.id", ondelete="CASCADE"), key="user_id"
    )
    created_at: Mapped[datetime] = mapped_column("createdAt", UtcTime, key="created_at")

    __table_args__ = (Index(None, "user_id"),)


class Session(Base):
    """A browser that is signed in."""

    __tablename__ = "KabarSession"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    user_id: Mapped[str] = mapped_column(
        "userId", ForeignKey("User.id", ondelete="CASCADE"), key="user_id"
    )
    #: SHA-256 of the token in the cookie
    token_hash: Mapped[str] = mapped_column("tokenHash", Text, key="token_hash", unique=True)
    created_at: Mapped[datetime] = mapped_column("createdAt", UtcTime, key="created_at")
    expires_at: Mapped[datetime] = mapped_column("expiresAt", UtcTime, key="expires_at")

    __table_args__ = (Index(None, "user_id"), Index(None, "expires_at"))


class AccessToken(Base):
    """What a program of the user's own signs in with; or their client, if an application made
    it."""

    __tablename__ = "KabarToken"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    user_id: Mapped[str] = mapped_column(
        "userId", ForeignKey("User.id", ondelete="CASCADE"), key="user_id"
    )
    name: Mapped[str] = mapped_column(Text)
    token_hash: Mapped[str] = mapped_column("tokenHash", Text, key="token_hash", unique=True)
    created_at: Mapped[datetime] = mapped_column("createdAt", UtcTime, key="created_at")
    #: None: until it is revoked
    expires_at: Mapped[datetime | None] = mapped_column("expiresAt", UtcTime, key="expires_at")
    #: of the application that made it: with its key it ends
    key_id: Mapped[str | None] = mapped_column("keyId", Text, key="key_id")

    __table_args__ = (
        Index(None, "user_id", "created_at", "id"),
        # Few of them end by themselves, or are an application's.
        Index(
            "KabarToken_expiresAt_idx",
            "expires_at",
            sqlite_where=text('"expiresAt" IS NOT NULL'),
            postgresql_where=text('"expiresAt" IS NOT NULL'),
        ),
        Index(
            "KabarToken_keyId_idx",
            "key_id",
            sqlite_where=text('"keyId" IS NOT NULL'),
            postgresql_where=text('"keyId" IS NOT NULL'),
        ),
    )
