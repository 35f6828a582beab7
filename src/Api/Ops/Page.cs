using Microsoft.AspNetCore.StaticFiles;
using Relo.Api.Http;

namespace Relo.Api.Ops;

/// <summary>The web page and the samples: everything under <c>wwwroot</c>.</summary>
internal static class Page
{
    /// <summary>
    /// Sets the security headers of every response and the content policy of pages. Runs before everything that responds.
    /// </summary>
    public static void UseBrowserSafety(this WebApplication app) => app.Use((http, next) =>
    {
        http.Response.OnStarting(static response => // an exception clears headers that are set immediately
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
            // Browsers revalidate each file (304 by ETag), because the files of the page belong together and must come from the same
            // version.
            OnPrepareResponse = static file => file.Context.Response.Headers.CacheControl = "no-cache",
        });
    }
}
