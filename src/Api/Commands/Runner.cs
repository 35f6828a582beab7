using MediatR;
using Relo.Api.Ops;
using Relo.Archive;

namespace Relo.Api.Commands;

/// <summary>Brings the archive up and carries out the command.</summary>
internal static class Runner
{
    /// <summary>The exit status: 0 = done, 1 = not done, with the reason on standard error.</summary>
    public static Task<int> RunAsync(WebApplication app, CommandLine command) => command.Verb == Verb.Serve ? ServeAsync(app) : OnceAsync(app, command);

    private static async Task<int> ServeAsync(WebApplication app)
    {
        var stopping = app.Lifetime.ApplicationStopping;
        await app.Services.GetRequiredService<ArchiveStartup>().StartAsync(stopping);
        await app.Services.GetRequiredService<SampleKernels>().RegisterAsync(stopping);
        try
        {
            await app.StartAsync();
            await app.WaitForShutdownAsync();
            return 0;
        }
        catch (Exception e)
        {
            await app.StopAsync(); // what runs already ends before that which it uses
            if (e is OperationCanceledException && stopping.IsCancellationRequested) return 0; // told to stop before it was up
            throw;
        }
        finally
        {
            await app.DisposeAsync();
        }
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
                Verb.Import => await ImportCommand.RunAsync(mediator, command.Arguments[0], Console.Out, Console.Error, stop.Token),
                Verb.List => await ListCommand.RunAsync(mediator, Console.Out, stop.Token),
                Verb.Verify => await VerifyCommand.RunAsync(mediator, Console.Out, stop.Token),
                Verb.Prune => await PruneCommand.RunAsync(mediator, command.Arguments, Console.Out, stop.Token),
                Verb.Export => await ExportCommand.RunAsync(mediator, command.Arguments[0], Console.Out, Console.Error, stop.Token),
                Verb.Backup => await BackupCommand.RunAsync(mediator, command.Arguments[0], Console.Out, Console.Error, stop.Token),
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
