using System.Diagnostics;
using MediatR;
using Relo.Api.Http.Problems;
using Relo.Core.Bytes;
using Serilog;

namespace Relo.Api.Mediation;

/// <summary>
/// Wraps every use case: times it, counts it by outcome, logs it. Within a request the log line is the request's own line, which gets the
/// use case, its outcome and its time; the line here is for use cases outside requests and for debugging.
/// </summary>
internal sealed class UseCaseBehavior<TRequest, TResponse>(
    UseCaseMetrics metrics, IDiagnosticContext requestLine, ILogger<UseCaseBehavior<TRequest, TResponse>> log)
    : IPipelineBehavior<TRequest, TResponse>
    where TRequest : notnull
{
    /// <inheritdoc/>
    public async Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        const string failed = "Failed";
        var start = Stopwatch.GetTimestamp();
        using var activity = UseCaseTraces.Begin(typeof(TRequest).Name);
        var outcome = failed;
        try
        {
            var response = await next();
            outcome = response?.GetType().Name ?? "None";
            return response;
        }
        catch (MalformedObjectException e)
        {
            outcome = e.Code;
            throw;
        }
        catch (RefusedException e)
        {
            outcome = e.Problem.Kind.Code;
            throw;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            outcome = "Cancelled";
            throw;
        }
        finally
        {
            var elapsed = Stopwatch.GetElapsedTime(start);
            var useCase = typeof(TRequest).Name;
            metrics.Record(useCase, outcome, elapsed);
            activity?.End(outcome, isDefect: outcome == failed);
            requestLine.Set("UseCase", useCase);
            requestLine.Set("Outcome", outcome);
            requestLine.Set("UseCaseMs", elapsed.TotalMilliseconds);
            log.LogDebug("{UseCase}: {Outcome} in {UseCaseMs:0.0} ms", useCase, outcome, elapsed.TotalMilliseconds);
        }
    }
}
