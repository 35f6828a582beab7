using Microsoft.AspNetCore.StaticFiles;
using Relo.Api.Http;
using Relo.Api.Http.Answers;
using Relo.Api.Http.Problems;

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

    /// <summary>Serves the files.</summary>
    public static void UsePage(this WebApplication app)
    {
        var types = new FileExtensionContentTypeProvider();
        types.Mappings[".o"] = types.Mappings[".btf"] = "application/octet-stream";
        types.Mappings[".c"] = types.Mappings[".h"] = types.Mappings[".md"] = types.Mappings[".sh"] = "text/plain; charset=utf-8";
        types.Mappings[".yaml"] = types.Mappings[".yml"] = "text/plain; charset=utf-8";
        app.UseDefaultFiles();
        app.UseStaticFiles(new StaticFileOptions
        {
            ContentTypeProvider = types,
            OnPrepareResponse = static file => Prepare(file.Context),
        });
    }

    private static void Prepare(HttpContext http)
    {
        var type = http.Response.ContentType!.Split(';')[0];
        if (AcceptHeader.Choose(http.Request, type) is null) throw new RefusedException(Problem.NotAcceptable(http.Request, type));
        // Browsers revalidate each file (304 by ETag), because the files of the page belong together and must come from the same version.
        http.Response.Headers.CacheControl = "no-cache";
    }
}
