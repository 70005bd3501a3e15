"""`python -m bench.django_admin.prepare`: Django's own tables, a super user, its session; prints the cookie."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.django_admin.settings")


def main() -> None:
    """Make what is missing, sign in and print the cookie."""
    import django

    django.setup()
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.auth.models import User
    from django.contrib.sessions.backends.db import SessionStore
    from django.core.management import call_command
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("CREATE SCHEMA IF NOT EXISTS django_admin")
    call_command("migrate", verbosity=0)
    user, _is_new = User.objects.get_or_create(
        username="bench", defaults={"is_staff": True, "is_superuser": True, "first_name": "Bench"}
    )
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    print(f"{settings.SESSION_COOKIE_NAME}={session.session_key}")


if __name__ == "__main__":
    main()
