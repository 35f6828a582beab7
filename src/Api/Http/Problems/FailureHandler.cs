using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using Relo.Archive.Faults;
using Relo.Core.Bytes;

namespace Relo.Api.Http.Problems;

/// <summary>Turns every unhandled exception, and every error status without a body, into a problem.</summary>
internal static class FailureHandler
{
    /// <summary>Adds it to the pipeline.</summary>
    public static IApplicationBuilder UseProblems(this IApplicationBuilder app) => app
        .UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = AnswerAsync,
            // Client errors appear in the response and the request line, storage errors get one line each. Only our own bugs are logged
            // with a stack.
            SuppressDiagnosticsCallback = context => IsClientFault(context.Exception)
                || IsLoggedWithoutStack(context.HttpContext, context.Exception),
        })
        .Use(CutOffAsync)
        .UseStatusCodePages(context => Problem.OfStatus(context.HttpContext, context.HttpContext.Response.StatusCode)
            .ExecuteAsync(context.HttpContext));

    // A problem cannot follow the beginning of another answer.
    private static async Task CutOffAsync(HttpContext http, RequestDelegate next)
    {
        try
        {
            await next(http);
        }
        catch (Exception e) when (http.Response.HasStarted && (IsClientFault(e) || IsOfStorage(e)))
        {
            http.Abort(); // what was sent must not look complete
            http.RequestServices.GetService<Serilog.IDiagnosticContext>()?.Set("Outcome", "CutOff");
            Log(http).LogWarning("{Method} {Path} was cut off after its beginning was sent: {Reason}", http.Request.Method,
                http.Request.Path.Value, e.GetBaseException().Message);
        }
    }

    private static Task AnswerAsync(HttpContext http)
    {
        var exception = http.Features.GetRequiredFeature<IExceptionHandlerFeature>().Error;
        if (exception is not ClientLeftException) return Of(http, exception).ExecuteAsync(http);
        http.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
        return Task.CompletedTask;
    }

    private static Problem Of(HttpContext http, Exception exception) => exception switch
    {
        _ when Problem.OfInput(exception) is { } problem => problem,
        BadHttpRequestException bad => Problem.OfStatus(http, bad.StatusCode, bad.Message),
        _ when StorageFault.Of(exception) is { } fault => Problem.Of(fault),
        _ when IsOutOfMemory(exception) => Problem.OutOfMemory(),
        _ => Problem.InternalError(),
    };

    private static bool IsClientFault(Exception exception) =>
        exception is RefusedException or MalformedObjectException or BadHttpRequestException or KernelGoneException or ClientLeftException;

    private static bool IsOfStorage(Exception exception) =>
        exception is BlobLostException || IsOutOfMemory(exception) || StorageFault.Of(exception) is not null;

    // The runtime throws it on allocation; tasks, static constructors and the database wrap it in other exceptions.
    private static bool IsOutOfMemory(Exception exception) => exception switch
    {
        OutOfMemoryException => true,
        AggregateException many => many.InnerExceptions.Any(IsOutOfMemory),
        _ => exception.InnerException is { } inner && IsOutOfMemory(inner),
    };

    private static bool IsLoggedWithoutStack(HttpContext http, Exception exception)
    {
        if (!IsOfStorage(exception)) return false;
        // No stack: a full disk fails many requests, and their stacks would fill the log's disk too.
        Log(http).LogError("{Method} {Path} failed: {Exception}: {Reason}", http.Request.Method, http.Request.Path.Value,
            exception.GetType().Name, exception.GetBaseException().Message);
        return true;
    }

    private static ILogger Log(HttpContext http) =>
        http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(FailureHandler).FullName!);
}
