using Serilog.AspNetCore;
using Serilog.Events;

namespace Relo.Api.Ops;

/// <summary>The line of a request that was answered before the middleware that writes the others: the same words, at the same level.</summary>
internal sealed class RequestLine(Serilog.ILogger logger)
{
    // Under the same name, so that what the configuration says of those lines holds for these.
    private readonly Serilog.ILogger _log = logger.ForContext(Serilog.Core.Constants.SourceContextPropertyName, typeof(RequestLoggingOptions).Namespace + ".RequestLoggingMiddleware");

    /// <summary>Writes it.</summary>
    public void WriteHot(HttpContext http)
    {
        if (!_log.IsEnabled(LogEventLevel.Information)) return;
        _log.Information(RequestLog.Request, http.Request.Method, http.Request.Path.Value, http.Response.StatusCode, 0.0, "HotAnswer", "Sent");
    }
}
