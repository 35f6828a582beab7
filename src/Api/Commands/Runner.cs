using System.Security.Cryptography;
using MediatR;
using Microsoft.Extensions.Options;
using Relo.Api.Ops;
using Relo.Archive;

namespace Relo.Api.Commands;

/// <summary>Brings the archive up and carries out the command.</summary>
internal static class Runner
{
    /// <summary>Whether the settings can work; says on standard error which cannot. Before anything is made of them, written or listened on.</summary>
    public static bool IsConfigured(WebApplication app)
    {
        try
        {
            app.Services.GetRequiredService<IStartupValidator>().Validate();
            return true;
        }
        catch (Exception e) when (e is OptionsValidationException or InvalidOperationException { Source: "Microsoft.Extensions.Configuration.Binder" })
        {
            Console.Error.WriteLine(e.Message);
            return false;
        }
    }

    /// <summary>The exit status: 0 = done, 1 = not done, with the reason on standard error.</summary>
    public static async Task<int> RunAsync(WebApplication app, CommandLine command)
    {
        try
        {
            return command.Verb == Verb.Serve ? await ServeAsync(app) : await OnceAsync(app, command);
        }
        catch (Exception e) when (e is ArchiveStartupException or CryptographicException
            or FileNotFoundException or DirectoryNotFoundException // a certificate, or the key of one
            or IOException { InnerException: Microsoft.AspNetCore.Connections.AddressInUseException })
        {
            // What whoever starts the service can put right: a message, no stack.
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    private static async Task<int> ServeAsync(WebApplication app)
    {
        var stopping = app.Lifetime.ApplicationStopping;
        await app.Services.GetRequiredService<ArchiveStartup>().StartAsync(stopping);
        await app.Services.GetRequiredService<SampleKernels>().RegisterAsync(stopping);
        await app.RunAsync();
        return 0;
    }

    private static async Task<int> OnceAsync(WebApplication app, CommandLine command)
    {
        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, interrupt) =>
        {
            interrupt.Cancel = true; // end in order, with the summary of what was done
            stop.Cancel();
        };
        await app.Services.GetRequiredService<ArchiveStartup>().OpenAsync(stop.Token);
        await using var scope = app.Services.CreateAsyncScope();
        var mediator = scope.ServiceProvider.GetRequiredService<IMediator>();
        try
        {
            return command.Verb switch
            {
                Verb.Import => await ImportCommand.RunAsync(mediator, command.Arguments[0], Console.Out, stop.Token),
                Verb.List => await ListCommand.RunAsync(mediator, Console.Out, stop.Token),
                Verb.Verify => await VerifyCommand.RunAsync(mediator, Console.Out, stop.Token),
                Verb.Prune => await PruneCommand.RunAsync(mediator, command.Arguments, Console.Out, stop.Token),
                Verb.Export => await ExportCommand.RunAsync(mediator, command.Arguments[0], Console.Out, stop.Token),
                Verb.Backup => await BackupCommand.RunAsync(mediator, command.Arguments[0], Console.Out, stop.Token),
                var other => throw new InvalidOperationException($"{other} is not carried out here"),
            };
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("stopped");
            return 1;
        }
    }
}
