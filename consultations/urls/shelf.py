from django.urls import URLPattern, path

from consultations.views.shelf import detail, form, lists

urlpatterns: list[URLPattern] = [
    path("", lists.ShelfList.as_view(), name="shelf"),
    path("new/", form.ShelfCreate.as_view(), name="shelf_create"),
    path("<int:pk>/", detail.ShelfDetail.as_view(), name="shelf_item"),
    path("<int:pk>/edit/", form.ShelfEdit.as_view(), name="shelf_edit"),
    path("<int:pk>/versions/", form.ShelfVersionAdd.as_view(), name="shelf_version"),
    path("<int:pk>/files/<int:file>/", detail.ShelfFileTake.as_view(), name="shelf_file"),
    path("<int:pk>/agree/", detail.ShelfAgree.as_view(), name="shelf_agree"),
    *(
        path(f"<int:pk>/{name.partition('_')[2]}/", detail.ShelfMoved.as_view(move=move), name=name.partition(":")[2])
        for move, name in detail.URL_WORDS.items()
    ),
]
