"""Join the endpoints, the guards in front of them and the page into one application."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from functools import partial
from importlib import import_module
from pkgutil import walk_packages
from types import ModuleType
from typing import Any

from fastapi import Depends, FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp

from responder.api import routes
from responder.api.deps.context import AppContext
from responder.api.deps.rights import permission_names, require_row, route_key
from responder.api.errors import exception_handlers
from responder.api.errors.problem import Problem
from responder.api.middleware.anonymous import AnonymousContext
from responder.api.middleware.body_cap import BodyCap, BodyCaps
from responder.api.middleware.host import HostGuard
from responder.api.middleware.origin import OriginGuard
from responder.api.middleware.security_headers import SecurityHeaders, import_map_hashes
from responder.api.middleware.stopping import AnswerWhenStopped
from responder.api.routes import health
from responder.api.routes.page import pages
from responder.domain.people.permissions import ENDPOINTS

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


class Application(FastAPI):
    """FastAPI with security headers on every response and a `Problem` schema in OpenAPI."""

    wrap: Callable[[ASGIApp], ASGIApp]

    def build_middleware_stack(self) -> ASGIApp:
        """Wrap the whole stack in security headers, including the handler of last resort."""
        return self.wrap(AnswerWhenStopped(super().build_middleware_stack()))

    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            described = super().openapi()
            for path, item in described["paths"].items():
                for method, operation in item.items():
                    if (named := route_key(method, path)) in ENDPOINTS:
                        operation["x-required-permissions"] = permission_names(ENDPOINTS[named])
            schemas = described.setdefault("components", {}).setdefault("schemas", {})
            problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas.update(problem.pop("$defs", {}))
            schemas["Problem"] = problem
        return super().openapi()


def make_application(context: AppContext, *, lifespan: Lifespan | None = None) -> FastAPI:
    """Make the application that one API process serves."""
    application = Application(
        title="15-minute emergency response circle",
        version=context.version,
        lifespan=lifespan,
        openapi_url="/api/openapi.json",
        # The viewers of the description load their code from elsewhere, which our pages never do.
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    application.state.context = context
    application.wrap = _outer_middleware(context)
    exception_handlers.install(application)
    for area in areas():
        # An endpoint without a row in the domain's table refuses every request. Each router is joined by
        # itself: inside another, FastAPI would build all of them once more.
        application.include_router(area.router, prefix="/api", dependencies=[Depends(require_row)])
    application.include_router(health.router)
    _prepare_routes(application)
    application.mount("/", pages(context.page_dir), name="page")
    _guard(application, context)
    return application


def areas() -> list[ModuleType]:
    """Return every module of `routes` with a router, except `health`, which stands outside /api."""
    names = (found.name for found in walk_packages(routes.__path__, f"{routes.__name__}."))
    modules = [import_module(name) for name in names]
    return [each for each in modules if hasattr(each, "router") and each is not health]


def _prepare_routes(application: FastAPI) -> None:
    """
    Have FastAPI build what each router needs, which it does when a path is first looked for there.

    Otherwise the first alert waits for the schemas of its router, longer than for all the rest.
    """
    nowhere = {"type": "http", "method": "GET", "path": "/api/-", "root_path": "", "headers": []}
    for route in application.routes:
        route.matches(nowhere)


def _guard(application: FastAPI, context: AppContext) -> None:
    # What is added last stands outermost.
    application.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    application.add_middleware(BodyCap, BodyCaps())
    application.add_middleware(OriginGuard, context.origins)
    application.add_middleware(HostGuard, context.origins)
    application.add_middleware(AnonymousContext)


def _outer_middleware(context: AppContext) -> Callable[[ASGIApp], ASGIApp]:
    index = context.page_dir / "index.html"
    page = index.read_text(encoding="utf-8") if index.is_file() else ""
    return partial(SecurityHeaders, script_hashes=import_map_hashes(page), live=context.live)
