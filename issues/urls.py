"""The archive: bulletins, issues and articles on the web."""

from django.urls import path

from issues import site_files, views
from issues.feeds import IssuesFeed

app_name = "issues"
urlpatterns = [
    path("", views.home, name="home"),
    path("robots.txt", site_files.robots, name="robots"),
    path("sitemap.xml", site_files.sitemap, name="sitemap"),
    path("favicon.ico", site_files.icon, {"name": "favicon.ico"}, name="favicon"),
    path(
        "apple-touch-icon.png",
        site_files.icon,
        {"name": "apple-touch-icon.png"},
        name="apple_touch_icon",
    ),
    path("b/<slug:slug>/", views.bulletin, name="bulletin"),
    path("b/<slug:slug>/feed/", IssuesFeed(), name="feed"),
    path("b/<slug:slug>/masthead/<str:name>", views.masthead, name="masthead"),
    path("b/<slug:slug>/issues/<int:pk>/", views.issue, name="issue"),
    path("b/<slug:slug>/issues/<int:pk>/pdf/", views.pdf, name="pdf"),
    path("b/<slug:slug>/issues/<int:pk>/pdf/<int:number>/", views.pdf, name="pdf"),
    path("b/<slug:slug>/issues/<int:pk>/figures/<str:name>", views.figure, name="figure"),
    path("b/<slug:slug>/issues/<int:issue_pk>/articles/<int:pk>/", views.article, name="article"),
]
