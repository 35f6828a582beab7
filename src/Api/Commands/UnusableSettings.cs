using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Relo.Archive;

namespace Relo.Api.Commands;

/// <summary>What whoever starts the service can put right, told from defects of it: for the former a message is enough, and a stack would only hide it.</summary>
internal static class UnusableSettings
{
    // Who says so, where the exception is one that anybody throws.
    private static readonly string[] Readers = ["Microsoft.Extensions.Configuration.Binder", "Serilog.Settings.Configuration", "Microsoft.AspNetCore.Http", "Microsoft.AspNetCore.Server.Kestrel.Core"];

    /// <summary>Whether it comes of a setting.</summary>
    public static bool AreCauseOf(Exception exception) => exception switch
    {
        AggregateException several => several.InnerExceptions.All(AreCauseOf),
        OptionsValidationException or ArchiveStartupException or CryptographicException => true,
        FileNotFoundException or DirectoryNotFoundException => true, // a certificate, or the key of one
        InvalidDataException { Source: "Microsoft.Extensions.Configuration.FileExtensions" } => true, // appsettings.json is no JSON
        IOException { InnerException: AddressInUseException } => true,
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable or SocketError.AccessDenied } => true, // an address of another machine, or a port below 1024
        InvalidOperationException or FormatException => Array.Exists(Readers, reader => exception.Source == reader),
        _ => false,
    };

    /// <summary>What to put right, a fault a line.</summary>
    public static string Message(Exception exception) => exception switch
    {
        SocketException socket => $"The service cannot listen where ASPNETCORE_URLS (--urls) or Kestrel:Endpoints says: {socket.Message}",
        OptionsValidationException several => string.Join(Environment.NewLine, several.Failures),
        AggregateException several => string.Join(Environment.NewLine, several.InnerExceptions.Select(Message)),
        // It names the file; where in it, the reason beneath says.
        InvalidDataException { InnerException: { } reason } => $"{exception.Message} {reason.InnerException?.Message ?? reason.Message}",
        _ => exception.Message,
    };
}
