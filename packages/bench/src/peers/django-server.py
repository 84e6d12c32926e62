"""
The source document's existing way, for gunicorn: the server takes a form's file whole into a temporary file, then
django-storages sends it to the bucket; a download is fetched whole from the bucket before its first byte is sent.
All settings are Django's and django-storages' own, but for the handler that the document names.
"""

import os

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import FileResponse, HttpResponse
from django.urls import path

settings.configure(
    ALLOWED_HOSTS=["*"],
    SECRET_KEY="only for the benchmark",
    ROOT_URLCONF=__name__,
    MIDDLEWARE=[],
    FILE_UPLOAD_HANDLERS=["django.core.files.uploadhandler.TemporaryFileUploadHandler"],
    FILE_UPLOAD_TEMP_DIR=os.environ["BENCH_SPOOL"],
    DEFAULT_FILE_STORAGE="storages.backends.s3boto3.S3Boto3Storage",
    AWS_S3_ENDPOINT_URL=os.environ["BENCH_ENDPOINT"],
    AWS_STORAGE_BUCKET_NAME=os.environ["BENCH_BUCKET"],
    AWS_S3_REGION_NAME="us-east-1",
)
django.setup()

from django.core.files.storage import default_storage  # noqa: E402


def file(request, name):
    if request.method == "POST":
        default_storage.save(name, request.FILES["file"])
        return HttpResponse(status=201)
    return FileResponse(default_storage.open(name))


urlpatterns = [path("files/<path:name>", file)]
application = get_wsgi_application()
