using Microsoft.AspNetCore.StaticFiles;

namespace Relo.Api.Ops;

/// <summary>The web page and the samples: everything under <c>wwwroot</c>.</summary>
internal static class Page
{
    /// <summary>Serves it, and tells browsers to take every answer of the service for what it says it is.</summary>
    public static void UsePage(this WebApplication app)
    {
        app.Use((http, next) =>
        {
            http.Response.OnStarting(() =>
            {
                http.Response.Headers.XContentTypeOptions = "nosniff";
                return Task.CompletedTask;
            });
            return next(http);
        });
        var types = new FileExtensionContentTypeProvider();
        types.Mappings[".o"] = types.Mappings[".btf"] = "application/octet-stream";
        types.Mappings[".c"] = types.Mappings[".h"] = types.Mappings[".md"] = types.Mappings[".sh"] = "text/plain; charset=utf-8";
        app.UseDefaultFiles();
        app.UseStaticFiles(new StaticFileOptions { ContentTypeProvider = types });
    }
}
