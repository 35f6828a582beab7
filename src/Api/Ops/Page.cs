using Microsoft.AspNetCore.StaticFiles;
using Relo.Api.Http;

namespace Relo.Api.Ops;

/// <summary>The web page and the samples: everything under <c>wwwroot</c>.</summary>
internal static class Page
{
    /// <summary>Tells browsers to take every answer of the service for what it says it is, and its pages to load nothing of others. Before all that answers.</summary>
    public static void UseBrowserSafety(this WebApplication app) => app.Use((http, next) =>
    {
        http.Response.OnStarting(static response => // an exception on the way clears what is set at once
        {
            SafetyHeaders.Add(((HttpResponse)response).Headers);
            ContentPolicy.Apply((HttpResponse)response);
            return Task.CompletedTask;
        }, http.Response);
        return next(http);
    });

    /// <summary>Serves it.</summary>
    public static void UsePage(this WebApplication app)
    {
        var types = new FileExtensionContentTypeProvider();
        types.Mappings[".o"] = types.Mappings[".btf"] = "application/octet-stream";
        types.Mappings[".c"] = types.Mappings[".h"] = types.Mappings[".md"] = types.Mappings[".sh"] = "text/plain; charset=utf-8";
        app.UseDefaultFiles();
        app.UseStaticFiles(new StaticFileOptions
        {
            ContentTypeProvider = types,
            // Asked for each time, answered with 304 by ETag: the parts of the page belong together, and a new version brings all of them.
            OnPrepareResponse = static file => file.Context.Response.Headers.CacheControl = "no-cache",
        });
    }
}
