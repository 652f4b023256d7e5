from django.urls import path

from .views import ElsewhereRecord

urlpatterns = [
    path("<slug:scheme>/<path:identifier>/", ElsewhereRecord.as_view(), name="elsewhere-record"),
]
