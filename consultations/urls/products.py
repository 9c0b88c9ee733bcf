from django.urls import URLPattern, path

from consultations.views.products import form, lists, register

urlpatterns: list[URLPattern] = [
    path("", lists.ProductList.as_view(), name="products"),
    path("new/", form.ProductCreate.as_view(), name="product_create"),
    path("import/", register.ProductImport.as_view(), name="product_import"),
    path("template/", register.ProductTemplate.as_view(), name="product_template"),
    path("<int:pk>/", form.ProductDetail.as_view(), name="product"),
    path("<int:pk>/edit/", form.ProductEdit.as_view(), name="product_edit"),
    path("<int:pk>/delete/", form.ProductDelete.as_view(), name="product_delete"),
]
