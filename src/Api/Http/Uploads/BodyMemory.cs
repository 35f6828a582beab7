using Microsoft.Extensions.Options;
using Relo.Api.Http.Limits;

namespace Relo.Api.Http.Uploads;

/// <summary>
/// Limits the memory of all uploaded objects together. Each upload has its own limit, but many uploads can arrive at the same time.
/// </summary>
internal sealed class BodyMemory(IOptions<LimitOptions> options) : ByteBudget(options.Value.BodyBytes, "uploads", nameof(LimitOptions.BodyBytes))
{
    /// <summary>
    /// The share of one request, empty at first. It is released when the response starts, because the result exists then and sending it
    /// may take long; on routes that still work on the upload while they answer, when the request ends.
    /// </summary>
    public static BodyShare Of(HttpContext http)
    {
        var share = new BodyShare(http.RequestServices.GetRequiredService<BodyMemory>());
        http.Response.RegisterForDispose(share);
        if (RequestTimes.IncludesAnswer(http)) return share;
        http.Response.OnStarting(() =>
        {
            http.Features.Set<ObjectBody>(null); // drops the last reference to the upload
            share.Dispose();
            return Task.CompletedTask;
        });
        return share;
    }
}
