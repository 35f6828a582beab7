using System.Reflection;
using Microsoft.Extensions.Options;
using Relo.Api;
using Relo.Api.Access;
using Relo.Api.Commands;
using Relo.Api.Docs;
using Relo.Api.Http;
using Relo.Api.Http.Answers;
using Relo.Api.Http.Bodies;
using Relo.Api.Http.Entry;
using Relo.Api.Http.Json;
using Relo.Api.Http.Limits;
using Relo.Api.Http.Problems;
using Relo.Api.Mediation;
using Relo.Api.OpenApi;
using Relo.Api.Ops;
using Relo.Api.Settings;
using Relo.Api.Trust;
using Relo.Archive;
using Relo.Archive.Move;
using Relo.Archive.Settings;

var command = CommandLine.Parse(args);
switch (command.Verb)
{
    case Verb.Unknown:
        await Console.Error.WriteLineAsync($"{command.Fault}\n--help lists the commands and their options");
        return 2;
    case Verb.Help:
        Console.WriteLine(command.Arguments[0]);
        return 0;
    case Verb.Version:
        var version = typeof(CommandLine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!;
        Console.WriteLine($"Relo {version.InformationalVersion}");
        return 0;
    case Verb.Keygen:
        return KeygenCommand.Run(command.Arguments[0], Console.Out, Console.Error);
    case Verb.VerifyAttestation:
        return await VerifyAttestationCommand.RunAsync(command, Console.Out, Console.Error);
}

try
{
    using var settings = new OfflineSettings(command);
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions
    {
        Args = settings.Args,
        // Settings and page are in the program's folder; Archive:Root is relative to the working directory.
        ContentRootPath = AppContext.BaseDirectory,
        WebRootPath = Path.Combine(AppContext.BaseDirectory, "wwwroot"),
    });
    SettingsCheck.Apply(builder.Configuration);
    ListenAddress.Check(builder.Configuration);
    if (command.Verb == Verb.Health) return await HealthCommand.RunAsync(builder.Configuration, Console.Out, Console.Error);

    builder.UseDefaultAddress();
    builder.UseServerLimits();
    builder.Services.AddRequestLog(builder.Configuration);
    builder.Services.AddArchive(builder.Configuration).AddSingleton<ArchiveMove>();
    builder.Services.AddUseCases(Assembly.GetExecutingAssembly());
    builder.Services.AddTrust(builder.Configuration);
    builder.Services.AddResults(builder.Configuration);
    MemoryShares.Register(builder.Services);
    builder.Services.AddSingleton<SampleKernels>().AddOptions<SampleOptions>()
        .Bind(builder.Configuration.GetSection(ArchiveOptions.Section)).ValidateOnStart();
    builder.Services.AddAccess(builder.Configuration).AddRateLimits().AddRequestTimes();
    builder.Services.AddKnownProxies(builder.Configuration).AddCrossOrigin(builder.Configuration);
    ArchiveHealth.Add(builder.Services.AddHealthChecks());
    builder.Services.AddHostedService<ArchiveFollower>().AddHostedService<LayoutKeeper>().AddHostedService<ObjectCleaner>()
        .AddHostedService<SyncKeeper>().AddHostedService<PackingKeeper>();
    builder.Services.AddTelemetry(builder.Configuration);
    builder.Services.AddOpenApiDocument();
    builder.Services.AddSingleton<DocLibrary>();
    Compression.Add(builder.Services);
    ApiJson.Generated = ApiJsonContext.Default;
    builder.Services.ConfigureHttpJsonOptions(json => ApiJson.Apply(json.SerializerOptions));
    builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true); // its message becomes the problem's detail

    var app = builder.Build();
    app.Services.GetRequiredService<IStartupValidator>().Validate(); // before anything uses settings, writes files or opens ports
    app.UseBodiesInPieces();
    app.UseBrowserSafety();
    app.UseResponseCompression();
    app.UseRequestLog();
    app.UseProblems();
    app.UseMiddleware<HostCheck>();
    app.UseKnownProxies();
    app.UseCrossOrigin();
    app.UseMiddleware<CrossSiteCheck>();
    app.UsePage();
    app.UseRateLimits();
    app.UseMiddleware<ApiKeyAuth>();
    Caller.UseCaller(app);
    app.UseRequestTimeouts();
    app.UseMiddleware<RouteEntry>();
    app.UseOpenApiDocument();
    app.MapRoutes();
    return await Runner.RunAsync(app, command);
}
catch (Exception e) when (UnusableSettings.AreCauseOf(e))
{
    await Console.Error.WriteLineAsync(UnusableSettings.Message(e));
    return 1;
}
