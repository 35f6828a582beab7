using System.Globalization;
using Serilog;
using Serilog.Events;
using Serilog.Filters;
using Serilog.Formatting.Compact;
using Serilog.Formatting.Display;

namespace Relo.Api.Ops;

/// <summary>Logging: one line per request, with the use case and its outcome; never a body, never a key.</summary>
internal static class RequestLog
{
    private const string Text = "{Timestamp:HH:mm:ss.fff} {Level:u3} {Message:lj} {TraceId}";

    private static readonly Func<LogEvent, bool> IsOfHealthChecks = Matching.FromSource("Microsoft.Extensions.Diagnostics.HealthChecks");

    /// <summary>The line of a request.</summary>
    public const string Request = "{RequestMethod} {RequestPath} {StatusCode} in {Elapsed:0.0} ms {UseCase} {Outcome}";

    /// <summary>Registers the logger. Section <c>Serilog</c> can change levels; registered sinks also get all lines.</summary>
    public static IServiceCollection AddRequestLog(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<LogOptions>().Bind(configuration.GetSection(LogOptions.Section)).ValidateOnStart()
            .Validate(o => o.IsSound, "Log:Format must be text, json or auto");
        var options = configuration.GetSection(LogOptions.Section).Get<LogOptions>() ?? new();
        services.AddSingleton<DroppedLines>();
        services.AddSerilog((provider, log) => BatchedConsole.AddTo(
                Levels(log).ReadFrom.Configuration(configuration).ReadFrom.Services(provider).WriteTo,
                options.IsJson(configuration)
                    ? new PrintableFormatter(new CompactJsonFormatter(), hasException: false)
                    : new PrintableFormatter(new MessageTemplateTextFormatter(Text, CultureInfo.InvariantCulture), hasException: true),
                Console.OpenStandardError(), // standard output is for the results of commands
                provider.GetRequiredService<DroppedLines>()),
            preserveStaticLogger: true); // the static one would mix the lines of two hosts in one process
        CachedLoggers.Register(services);
        return services;
    }

    private static LoggerConfiguration Levels(LoggerConfiguration log) => log
        .MinimumLevel.Information()
        .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
        .MinimumLevel.Override("Microsoft.Hosting.Lifetime", LogEventLevel.Information)
        // A request that times out has its own line.
        .MinimumLevel.Override("Microsoft.AspNetCore.Http.Timeouts", LogEventLevel.Error)
        // The framework logs every failed check; ArchiveProbe logs only changes.
        .Filter.ByExcluding(line => line.Exception is null && IsOfHealthChecks(line))
        // Runner or the runtime reports a failed start, once.
        .MinimumLevel.Override("Microsoft.Extensions.Hosting.Internal.Host", LogEventLevel.Fatal);

    /// <summary>Adds the request line to the pipeline.</summary>
    public static IApplicationBuilder UseRequestLog(this IApplicationBuilder app) => app
        .UseSerilogRequestLogging(options =>
        {
            options.Logger = app.ApplicationServices.GetRequiredService<Serilog.ILogger>();
            options.MessageTemplate = Request;
            options.GetLevel = (http, _, exception) => exception is not null ? LogEventLevel.Error
                : http.Request.Path.StartsWithSegments("/healthz") ? LogEventLevel.Debug // polled every few seconds; 503 is a result
                : http.Response.StatusCode >= 500 ? LogEventLevel.Error
                : LogEventLevel.Information;
        })
        .Use((http, next) =>
        {
            // Requests without a use case (the page, an unknown address): otherwise the log would show the unfilled placeholders.
            var line = http.RequestServices.GetRequiredService<IDiagnosticContext>();
            line.Set("UseCase", "-");
            line.Set("Outcome", "-");
            return next(http);
        });
}
